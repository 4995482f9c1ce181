//! The catalogue: every unified metric, one row each, and what the platforms add.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    DefinitionBreak, Direction, FeedId, Level, Metric, MetricId, MetricKind, OfferedMetric,
    Platform, PlatformProfile, Ratio, Text, Unit,
};
use crate::error::{Error, Result};

use Direction::{Down, Neutral, Up};
use MetricKind::{Additive, Stock, Unique};
use Unit::{Count, Currency, Seconds};

/// id, unit, kind, direction, en, ja, description en, description ja.
type Row = (
    &'static str,
    Unit,
    MetricKind,
    Direction,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const STORED: &[Row] = &[
    ("impressions", Count, Additive, Up, "Impressions", "インプレッション数", "Times an ad or post was on screen.", "広告や投稿が表示された回数"),
    ("views", Count, Additive, Up, "Views", "表示回数", "Times content was viewed, as the platform's own views.", "コンテンツが閲覧された回数（媒体の定義による）"),
    ("reach", Count, Unique, Up, "Reach", "リーチ", "People who saw it at least once. Cannot be added up over days.", "1回以上見た人の数。日別の値は合計できません"),
    ("clicks", Count, Additive, Up, "Clicks", "クリック数", "Clicks that take people to the advertiser.", "広告主のリンク先へのクリック数"),
    ("clicks_all", Count, Additive, Neutral, "Clicks (all)", "クリック数（すべて）", "Every click, including likes, expanding and profile visits.", "いいねや展開などを含むすべてのクリック数"),
    ("spend", Currency, Additive, Neutral, "Spend", "費用", "What the ads cost.", "広告の費用"),
    ("billed_spend", Currency, Additive, Neutral, "Billed spend", "請求額", "Spend with the agency's fee and consumption tax, by the account's terms of each day.", "費用に代理店手数料と消費税を加えた金額（日ごとの条件による）"),
    ("conversions", Count, Additive, Up, "Conversions", "コンバージョン数", "Results the advertiser asked for, as attributed by the platform.", "媒体が計測した成果の数"),
    ("conversion_value", Currency, Additive, Up, "Conversion value", "コンバージョン値", "Value of the conversions.", "コンバージョンの価値の合計"),
    ("conversions_all", Count, Additive, Up, "Conversions (all)", "すべてのコンバージョン数", "Every conversion action, including those not bid for.", "入札に使われないものも含むすべてのコンバージョン数"),
    ("conversion_value_all", Currency, Additive, Up, "Conversion value (all)", "すべてのコンバージョン値", "Value of every conversion action.", "すべてのコンバージョンの価値の合計"),
    ("view_through_conversions", Count, Additive, Up, "View-through conversions", "ビュースルーコンバージョン数", "Conversions after seeing an ad without clicking it.", "広告を見たがクリックせずに発生したコンバージョン数"),
    ("purchases", Count, Additive, Up, "Purchases", "購入数", "Purchases, each counted once.", "購入の数（重複なし）"),
    ("purchase_value", Currency, Additive, Up, "Purchase value", "購入額", "Value of the purchases.", "購入の金額"),
    ("leads", Count, Additive, Up, "Leads", "リード数", "Forms and contacts, each counted once.", "獲得したリードの数"),
    ("video_views", Count, Additive, Up, "Video views", "動画再生数", "Video plays by the platform's own headline definition.", "動画の再生数（媒体の定義による）"),
    ("video_views_p25", Count, Additive, Up, "Video views to 25%", "動画再生数（25%）", "Videos watched to a quarter.", "動画が25%まで再生された回数"),
    ("video_views_p50", Count, Additive, Up, "Video views to 50%", "動画再生数（50%）", "Videos watched to the half.", "動画が50%まで再生された回数"),
    ("video_views_p75", Count, Additive, Up, "Video views to 75%", "動画再生数（75%）", "Videos watched to three quarters.", "動画が75%まで再生された回数"),
    ("video_views_p100", Count, Additive, Up, "Video views to the end", "動画再生数（100%）", "Videos watched to the end.", "動画が最後まで再生された回数"),
    ("video_watch_time", Seconds, Additive, Up, "Watch time", "動画再生時間", "Time people spent watching.", "動画が再生された合計時間"),
    ("engagements", Count, Additive, Up, "Engagements", "エンゲージメント数", "Interactions of every kind the platform counts.", "反応・クリックなどの合計"),
    ("reactions", Count, Additive, Up, "Reactions", "リアクション数", "Likes and other reactions.", "いいねなどのリアクションの数"),
    ("likes", Count, Additive, Up, "Likes", "いいね数", "Likes.", "いいねの数"),
    ("comments", Count, Additive, Up, "Comments", "コメント数", "Comments.", "コメントの数"),
    ("shares", Count, Additive, Up, "Shares", "シェア数", "Shares.", "シェアの数"),
    ("saves", Count, Additive, Up, "Saves", "保存数", "Times a post was saved.", "保存された回数"),
    ("replies", Count, Additive, Up, "Replies", "返信数", "Replies.", "返信の数"),
    ("reposts", Count, Additive, Up, "Reposts", "リポスト数", "Reposts.", "リポストの数"),
    ("follows", Count, Additive, Up, "Follows", "フォロー", "New followers.", "新しいフォロワーの数"),
    ("unfollows", Count, Additive, Down, "Unfollows", "フォロー解除", "Followers lost.", "フォローを解除した人の数"),
    ("followers", Count, Stock, Up, "Followers", "フォロワー数", "Followers at the end of the day.", "その日の終わりのフォロワー数"),
    ("profile_views", Count, Additive, Up, "Profile views", "プロフィールの表示回数", "Times the profile was viewed.", "プロフィールが表示された回数"),
    ("link_clicks", Count, Additive, Up, "Link clicks", "リンクのクリック数", "Clicks on links in posts and profile.", "投稿やプロフィールのリンクのクリック数"),
    ("contact_clicks", Count, Additive, Up, "Contact clicks", "連絡先のクリック数", "Taps on call, mail, text or directions.", "電話・メール・道順などのタップ数"),
    ("posts", Count, Additive, Neutral, "Posts", "投稿数", "Posts published that day; stories, which are gone after a day, are not counted.", "その日に公開された投稿の数（1日で消えるストーリーズは除く）"),
    ("viewable_impressions", Count, Additive, Up, "Viewable impressions", "ビューアブルインプレッション数", "Impressions that could really be seen.", "実際に見える状態だったインプレッション数"),
    ("measurable_impressions", Count, Additive, Up, "Measurable impressions", "計測可能なインプレッション数", "Impressions whose viewability could be measured.", "視認性を計測できたインプレッション数"),
];

/// id, unit, numerator, denominators, scale, direction, en, ja, description en, description ja.
type RatioRow = (
    &'static str,
    Unit,
    &'static str,
    &'static [&'static str],
    i64,
    Direction,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const RATIOS: &[RatioRow] = &[
    ("ctr", Unit::Ratio, "clicks", &["impressions"], 1, Up, "CTR", "クリック率", "Clicks per impression.", "クリック数 ÷ インプレッション数"),
    ("cpc", Currency, "spend", &["clicks"], 1, Down, "CPC", "クリック単価", "Spend per click.", "費用 ÷ クリック数"),
    ("cpm", Currency, "spend", &["impressions"], 1000, Down, "CPM", "インプレッション単価", "Spend per thousand impressions.", "1,000インプレッションあたりの費用"),
    ("cvr", Unit::Ratio, "conversions", &["clicks"], 1, Up, "CVR", "コンバージョン率", "Conversions per click.", "コンバージョン数 ÷ クリック数"),
    ("cpa", Currency, "spend", &["conversions"], 1, Down, "CPA", "獲得単価", "Spend per conversion.", "費用 ÷ コンバージョン数"),
    ("roas", Unit::Ratio, "conversion_value", &["spend"], 1, Up, "ROAS", "広告費用対効果", "Conversion value per spend.", "コンバージョン値 ÷ 費用"),
    ("frequency", Unit::Ratio, "impressions", &["reach"], 1, Neutral, "Frequency", "フリークエンシー", "Impressions per person reached in the same period.", "同じ期間のインプレッション数 ÷ リーチ"),
    ("engagement_rate", Unit::Ratio, "engagements", &["impressions", "views"], 1, Up, "Engagement rate", "エンゲージメント率", "Engagements per impression (per view for pages and profiles).", "エンゲージメント数 ÷ インプレッション数（または表示回数）"),
    ("video_completion_rate", Unit::Ratio, "video_views_p100", &["video_views"], 1, Up, "Video completion rate", "動画完全視聴率", "Views to the end per video view.", "最後まで再生された回数 ÷ 動画再生数"),
    ("viewability", Unit::Ratio, "viewable_impressions", &["measurable_impressions"], 1, Up, "Viewability", "ビューアビリティ", "Viewable share of the measurable impressions.", "ビューアブル ÷ 計測可能なインプレッション数"),
];

/// The metrics of which posts have lifetime totals.
const LIFETIME: &[&str] = &[
    "impressions",
    "views",
    "reach",
    "engagements",
    "reactions",
    "likes",
    "comments",
    "shares",
    "saves",
    "replies",
    "reposts",
    "follows",
    "profile_views",
    "link_clicks",
    "clicks_all",
    "video_views",
    "video_watch_time",
];

/// The lifetime total of a metric: the counter behind a post's daily amounts.
fn lifetime_of(metric: &Metric) -> Metric {
    Metric {
        id: metric.id.lifetime(),
        unit: metric.unit,
        kind: Stock,
        better: metric.better,
        label: Text::new(
            &format!("{} (lifetime)", metric.label.en),
            &format!("{}（累計）", metric.label.ja),
        ),
        description: Text::new(
            &format!(
                "{} Since it was published.",
                first_sentence(&metric.description.en, '.')
            ),
            &format!(
                "{}（公開からの累計）",
                first_sentence(&metric.description.ja, '。').trim_end_matches('。')
            ),
        ),
    }
}

/// What follows the first sentence speaks of daily values.
fn first_sentence(text: &str, end: char) -> &str {
    text.split_inclusive(end).next().unwrap_or_default()
}

/// The unified metrics, in the catalogue's order.
#[must_use]
pub fn unified_metrics() -> Vec<Metric> {
    let stored: Vec<Metric> = STORED
        .iter()
        .map(
            |(id, unit, kind, better, en, ja, about_en, about_ja)| Metric {
                id: MetricId::from(*id),
                unit: *unit,
                kind: kind.clone(),
                better: *better,
                label: Text::new(en, ja),
                description: Text::new(about_en, about_ja),
            },
        )
        .collect();
    let lifetimes: Vec<Metric> = stored
        .iter()
        .filter(|metric| LIFETIME.contains(&metric.id.as_str()))
        .map(lifetime_of)
        .collect();
    let ratios = RATIOS.iter().map(
        |(id, unit, numerator, denominators, scale, better, en, ja, about_en, about_ja)| Metric {
            id: MetricId::from(*id),
            unit: *unit,
            kind: MetricKind::Ratio(Ratio {
                numerator: MetricId::from(*numerator),
                denominators: denominators.iter().map(|id| MetricId::from(*id)).collect(),
                scale: *scale,
            }),
            better: *better,
            label: Text::new(en, ja),
            description: Text::new(about_en, about_ja),
        },
    );
    stored.into_iter().chain(ratios).chain(lifetimes).collect()
}

/// Every metric and what every platform offers of them.
#[derive(Debug, Clone)]
pub struct Catalogue {
    metrics: Vec<Metric>,
    by_id: BTreeMap<MetricId, usize>,
    platforms: BTreeMap<Platform, PlatformProfile>,
}

impl Default for Catalogue {
    /// The unified metrics and no platform.
    fn default() -> Self {
        Self::new(unified_metrics(), [])
    }
}

impl Catalogue {
    /// A catalogue of `metrics` and of the platforms' own ones, with the lifetime totals of these
    /// that the platforms offer. A later row replaces an earlier one of the same id.
    #[must_use]
    pub fn new(metrics: Vec<Metric>, platforms: impl IntoIterator<Item = PlatformProfile>) -> Self {
        let mut catalogue = Self {
            metrics: Vec::new(),
            by_id: BTreeMap::new(),
            platforms: BTreeMap::new(),
        };
        for metric in metrics {
            catalogue.add_metric(metric);
        }
        for profile in platforms {
            for metric in &profile.own_metrics {
                catalogue.add_metric(metric.clone());
                let lifetime = metric.id.lifetime();
                let mut offered = profile.feeds.iter().flat_map(|feed| &feed.metrics);
                if offered.any(|offered| offered.metric == lifetime) {
                    catalogue.add_metric(lifetime_of(metric));
                }
            }
            catalogue
                .platforms
                .insert(profile.platform.clone(), profile);
        }
        catalogue
    }

    /// The unified metrics together with what these platforms add.
    #[must_use]
    pub fn with_platforms(platforms: impl IntoIterator<Item = PlatformProfile>) -> Self {
        Self::new(unified_metrics(), platforms)
    }

    /// Adds a metric, or replaces the one of the same id.
    pub fn add_metric(&mut self, metric: Metric) {
        if let Some(at) = self.by_id.get(&metric.id) {
            self.metrics[*at] = metric;
        } else {
            self.by_id.insert(metric.id.clone(), self.metrics.len());
            self.metrics.push(metric);
        }
    }

    /// Every metric, unified ones first.
    #[must_use]
    pub fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    /// The metric with this id.
    #[must_use]
    pub fn metric(&self, id: &MetricId) -> Option<&Metric> {
        self.by_id.get(id).map(|at| &self.metrics[*at])
    }

    /// The metric with this id, or an error that names `field` and the nearest id.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn require(&self, field: &str, id: &str) -> Result<&Metric> {
        self.metric(&MetricId::from(id)).ok_or_else(|| {
            Error::unknown(
                "metric",
                field,
                id,
                self.metrics.iter().map(|metric| metric.id.as_str()),
            )
        })
    }

    /// What a platform offers; none if no connector described it.
    #[must_use]
    pub fn platform(&self, platform: &Platform) -> Option<&PlatformProfile> {
        self.platforms.get(platform)
    }

    /// Every described platform.
    pub fn platforms(&self) -> impl Iterator<Item = &PlatformProfile> {
        self.platforms.values()
    }

    /// How `platform` offers the stored metric at `level`: its feed and the offer. None: it does not.
    #[must_use]
    pub fn offer(
        &self,
        platform: &Platform,
        metric: &MetricId,
        level: Level,
    ) -> Option<(FeedId, &OfferedMetric)> {
        let (feed, offered) = self.platforms.get(platform)?.offer(metric, level)?;
        Some((feed.id.clone(), offered))
    }

    /// Dated breaks of a metric's meaning on a platform.
    pub fn breaks<'a>(
        &'a self,
        platform: &Platform,
        metric: &'a MetricId,
    ) -> impl Iterator<Item = &'a DefinitionBreak> + use<'a> {
        self.platforms
            .get(platform)
            .into_iter()
            .flat_map(|profile| &profile.breaks)
            .filter(move |at| at.metric == *metric)
    }

    /// Every metric an account of `platform` can show at account level, ratios included, in the
    /// catalogue's order.
    #[must_use]
    pub fn shown_metrics(&self, platform: &Platform) -> Vec<MetricId> {
        let offers = |id: &MetricId| self.offer(platform, id, Level::Account).is_some();
        self.metrics
            .iter()
            .filter(|metric| match &metric.kind {
                MetricKind::Ratio(ratio) => {
                    offers(&ratio.numerator) && ratio.denominators.iter().any(offers)
                }
                _ => offers(&metric.id),
            })
            .map(|metric| metric.id.clone())
            .collect()
    }

    /// The days of `from..=to` on which a break of `metric` on `platform` begins.
    #[must_use]
    pub fn break_between(
        &self,
        platform: &Platform,
        metric: &MetricId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Option<NaiveDate> {
        self.breaks(platform, metric)
            .map(|at| at.date)
            .find(|date| from < *date && *date <= to)
    }
}
