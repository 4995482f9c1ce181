//! Names that people would give to their campaigns, ad groups and ads.

use super::ads::Goal;

/// The language an advertiser names things in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Japanese,
    English,
    German,
}

impl Language {
    /// Themes of campaigns with an end.
    pub(super) fn themes(self, goal: Goal) -> &'static [&'static str] {
        match (self, goal) {
            (Self::Japanese, Goal::Shop) => &[
                "春の新作フェア",
                "夏ギフト",
                "秋のブレンド祭り",
                "年末セール",
                "母の日ギフト",
                "アウトレット市",
            ],
            (Self::Japanese, Goal::Leads) => {
                &["無料サンプル申込", "法人見積り", "資料請求", "モニター募集"]
            }
            (Self::Japanese, Goal::Traffic) => &[
                "ブログ送客",
                "新店オープン案内",
                "レシピ特集",
                "キャンペーンLP",
            ],
            (Self::Japanese, Goal::Video) => &[
                "ブランド動画",
                "焙煎士インタビュー",
                "15秒CM",
                "産地ドキュメンタリー",
            ],
            (Self::Japanese, Goal::Engagement) => {
                &["フォロー＆投稿企画", "周年感謝", "写真コンテスト"]
            }
            (Self::English, Goal::Shop) => &[
                "Spring drop",
                "Summer clearance",
                "Back to trail",
                "Holiday gifts",
                "Tom & Jerry's \"Flash\" sale",
                "Outlet week",
            ],
            (Self::English, Goal::Leads) => &[
                "Free sizing guide",
                "Dealer enquiry",
                "Newsletter 10% off",
                "Expedition waitlist",
            ],
            (Self::English, Goal::Traffic) => &[
                "Trail stories",
                "Store opening",
                "Gear guide",
                "Landing page test",
            ],
            (Self::English, Goal::Video) => &[
                "Summit film",
                "Product in 15s",
                "Athlete series",
                "Behind the seams",
            ],
            (Self::English, Goal::Engagement) => {
                &["Photo contest", "Community week", "10 years of us"]
            }
            (Self::German, Goal::Shop) => &[
                "Frühbucher",
                "Sommerurlaub",
                "Herbstwandern",
                "Winterzauber",
                "Last Minute",
                "Gutscheine",
            ],
            (Self::German, Goal::Leads) => &[
                "Katalog anfordern",
                "Rückruf-Service",
                "Newsletter",
                "Gruppenreisen",
            ],
            (Self::German, Goal::Traffic) => {
                &["Reiseblog", "Messe Köln", "Packliste", "Hüttenführer"]
            }
            (Self::German, Goal::Video) => &[
                "Gipfelfilm",
                "Reisebericht",
                "Imagefilm 30s",
                "Über den Wolken",
            ],
            (Self::German, Goal::Engagement) => &["Fotowettbewerb", "Jubiläum", "Umfrage"],
        }
    }

    /// Name of a campaign that runs all year.
    pub(super) fn always_on(self, goal: Goal) -> &'static str {
        match (self, goal) {
            (Self::Japanese, Goal::Shop) => "常時配信_リターゲティング",
            (Self::Japanese, _) => "常時配信_新規獲得",
            (Self::English, Goal::Shop) => "Always-on | Retargeting",
            (Self::English, _) => "Always-on | Prospecting",
            (Self::German, Goal::Shop) => "Dauerkampagne – Retargeting",
            (Self::German, _) => "Dauerkampagne – Neukunden",
        }
    }

    /// Audiences that name ad groups.
    pub(super) fn audiences(self) -> &'static [&'static str] {
        match self {
            Self::Japanese => &[
                "類似オーディエンス 1%",
                "サイト訪問者 30日",
                "興味関心：カフェ・食",
                "ブロード 25-54",
            ],
            Self::English => &[
                "Lookalike 1%",
                "Site visitors 30d",
                "Interest: hiking & travel",
                "Broad 25-54",
            ],
            Self::German => &[
                "Lookalike 1 %",
                "Website-Besucher 30 T.",
                "Interesse: Wandern",
                "Breit 25-54",
            ],
        }
    }

    /// Formats that name ads; videos first.
    pub(super) fn formats(self, video: bool) -> &'static [&'static str] {
        match (self, video) {
            (Self::Japanese, true) => &["動画 15秒", "動画 30秒", "リール動画"],
            (Self::Japanese, false) => &["静止画", "カルーセル", "コレクション"],
            (Self::English, true) => &["Video 15s", "Video 30s", "Reel"],
            (Self::English, false) => &["Static", "Carousel", "Collection"],
            (Self::German, true) => &["Video 15s", "Video 30s", "Reel"],
            (Self::German, false) => &["Bild", "Karussell", "Sammlung"],
        }
    }

    /// What posts say.
    pub(super) fn posts(self) -> &'static [&'static str] {
        match self {
            Self::Japanese => &[
                "春の新作ブレンドが入荷しました☕\n店頭とオンラインでお試しください。",
                "本日のおすすめは、グアテマラの中煎り。チョコレートのような甘みが特長です。",
                "【お知らせ】年末年始の営業時間について",
                "焙煎士が語る「おいしい一杯」の淹れ方。動画でご覧ください。",
                "ご来店ありがとうございました！皆さまの写真を募集中です #みどり珈琲 #コーヒーのある暮らし",
                "新店オープンまであと3日。内装の様子を少しだけ公開します。",
                "母の日のギフトセット、ご予約受付中です。",
            ],
            Self::English => &[
                "The new trail shoe is here. Lighter, grippier, ready for mud.",
                "Five day hikes within an hour of the city, by the people who walk them.\n\nWhich one is yours?",
                "Tom & Jerry's \"Flash\" sale: 24 hours only!",
                "Behind the seams: how we test every jacket in the rain \u{1f327}",
                "We are hiring in Portland. Tell a friend.",
                "Photo of the week. Tag yours with #northwindoutdoor",
                "How to pack for three days in 30 litres - a short film.",
            ],
            Self::German => &[
                "Frühbucher aufgepasst: Die schönsten Hütten für den Sommer 2027.",
                "Unser Wandertipp der Woche führt über den Höhenweg zum Bergsee.",
                "Reisebericht: drei Tage zwischen Gipfeln und Gletschern",
                "Was gehört in den Rucksack? Die Packliste zum Herunterladen.",
                "Wir sagen Danke für zehn gemeinsame Jahre!",
            ],
        }
    }

    /// A short-lived trial.
    pub(super) fn trial(self) -> &'static str {
        match self {
            Self::Japanese => "テスト入稿",
            Self::English => "Test creative",
            Self::German => "Testanzeige",
        }
    }
}
