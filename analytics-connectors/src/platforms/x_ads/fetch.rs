//! Slices → questions → batches.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use analytics_core::model::{DateRange, FeedId, Level, MetricGap, MetricId};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use futures_util::{StreamExt, stream::BoxStream};

use super::{
    Config, FEED, PLATFORM,
    accounts::{created, zone_since},
    api::Api,
    days::{Spelling, Zones},
    metrics::{Figures, LEVELS, TABLE},
    profile::HISTORY_DAYS,
    reports::{Reports, at_once, nonsense},
    rows::{Asked, Sums},
    stats::{Question, questions},
    structure::{delivered, described},
    wire::Stats,
};
use crate::{
    connector::{AccountRef, Batch, FetchRequest},
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
    orders::{Orders, Unanswered},
};

/// Days that are answered at once, and the hours they may last.
const AT_ONCE_DAYS: u32 = 7;
const AT_ONCE_HOURS: TimeDelta = TimeDelta::hours(168);
/// Questions of one fetch that are put at once, of 250 in a quarter of an hour.
const AT_ONCE_QUESTIONS: usize = 40;
/// How far back days are answered at once.
const AT_ONCE_BACK: Days = Days::new(85);

/// One fetch: who asks, about which account.
pub(super) struct Session {
    pub(super) api: Api,
    pub(super) config: Arc<Config>,
    pub(super) tokens: TokenSource,
    pub(super) zones: Zones,
    pub(super) today: NaiveDate,
    account: AccountRef,
    /// Which spelling of days is taken, for the whole connector.
    spelling: Arc<AtomicUsize>,
    pub(super) orders: OpenOrders,
    pub(super) unanswered: Unanswered<Subject>,
    lacks_conversions: AtomicBool,
}

/// What a report is about: an account and a question.
pub(super) type Subject = (String, Question);

/// Reports that no fetch looks after.
pub(super) type OpenOrders = Orders<Subject, String>;

/// The files of reports are there for two days.
const REPORTS_LAST: TimeDelta = TimeDelta::hours(48);

/// What every fetch shares.
#[derive(Debug, Clone)]
pub(super) struct Fetcher {
    pub(super) api: Api,
    config: Arc<Config>,
    spelling: Arc<AtomicUsize>,
    orders: OpenOrders,
    unanswered: Unanswered<Subject>,
}

impl Fetcher {
    pub(super) fn new(api: Api, config: &Config) -> Self {
        Self {
            api,
            config: Arc::new(config.clone()),
            spelling: Arc::default(),
            orders: Orders::kept_for(REPORTS_LAST),
            unanswered: Unanswered::kept_for(REPORTS_LAST),
        }
    }

    /// Fetches `request` of `account`.
    pub(super) fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> BoxStream<'static, Result<Batch>> {
        let session = self.session(account.clone(), tokens);
        async_stream::try_stream! {
            let (level, range) = check(request)?;
            if let Some(range) = session.within_history(range)? {
                yield session.daily(level, range).await?;
            }
        }
        .boxed()
    }

    fn session(&self, account: AccountRef, tokens: TokenSource) -> Session {
        Session {
            zones: Zones {
                zone: account.time_zone,
                since: zone_since(&account.access),
            },
            today: self.api.client().clock().today(account.time_zone),
            api: self.api.clone(),
            config: Arc::clone(&self.config),
            tokens,
            account,
            spelling: Arc::clone(&self.spelling),
            orders: self.orders.clone(),
            unanswered: self.unanswered.clone(),
            lacks_conversions: AtomicBool::new(false),
        }
    }
}

fn check(request: FetchRequest) -> Result<(Level, DateRange)> {
    let (level, feed, range) = match request {
        FetchRequest::Daily { level, feed, range } => (level, feed, range),
        FetchRequest::Window { .. } => {
            return Err(nonsense(
                "nothing here has an exact value for a range; ask for days",
            ));
        }
        FetchRequest::Snapshot { feed, .. } | FetchRequest::Fleeting { feed, .. } => {
            let what = format!("feed `{feed}` has no snapshots; ask for days");
            return Err(nonsense(what));
        }
    };
    if feed != FeedId::from(FEED) {
        return Err(nonsense(format!("no feed `{feed}`; there is `{FEED}`")));
    }
    if !LEVELS.contains(&level) {
        return Err(nonsense(format!(
            "there is no level `{}` here",
            level.as_str()
        )));
    }
    Ok((level, range))
}

impl Session {
    pub(super) fn account(&self) -> &str {
        &self.account.external_id
    }

    pub(super) fn subject(&self, question: Question) -> Subject {
        (self.account().to_owned(), question)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.api.client().clock().now()
    }

    /// How to spell days: first as it is known to be taken.
    pub(super) fn spellings(&self) -> [Spelling; 3] {
        let mut spellings = Spelling::ALL;
        let known = self.spelling.load(Ordering::Relaxed);
        spellings.swap(0, known.min(Spelling::ALL.len() - 1));
        spellings
    }

    /// Takes note of a spelling that was taken.
    pub(super) fn remember(&self, spelling: Spelling) {
        let at = Spelling::ALL.iter().position(|known| *known == spelling);
        let before = self.spelling.swap(at.unwrap_or(0), Ordering::Relaxed);
        if Some(before) != at {
            tracing::info!(?spelling, "days are taken in another spelling");
        }
    }

    pub(super) fn error(&self, operation: &str, kind: ErrorKind, what: &str) -> Error {
        Error::new(kind, PLATFORM, operation, what)
    }

    /// The part of `range` on which there can be figures; none where all of it is before the
    /// account began.
    fn within_history(&self, range: DateRange) -> Result<Option<DateRange>> {
        let earliest = self
            .today
            .checked_sub_days(Days::new(u64::from(HISTORY_DAYS)))
            .unwrap_or(range.start);
        let answered = DateRange::new(range.start.max(earliest), range.end).map_err(|_| {
            nonsense(format!(
                "{range} is older than what the platform answers for"
            ))
        })?;
        let begun = created(&self.account.access).unwrap_or(answered.start);
        Ok(DateRange::new(answered.start.max(begun), answered.end).ok())
    }

    /// Whether the days of a range are asked for at once, or by reports.
    fn is_at_once(&self, range: DateRange) -> bool {
        let oldest = self.today.checked_sub_days(AT_ONCE_BACK);
        range.days() <= i64::from(AT_ONCE_DAYS)
            && oldest.is_some_and(|oldest| oldest <= range.start)
    }

    async fn daily(&self, level: Level, range: DateRange) -> Result<Batch> {
        let report_days = match level {
            Level::Account | Level::Campaign => self.config.upper_report_days,
            _ => self.config.lower_report_days,
        };
        let (mut by_call, mut by_report) = (Vec::new(), Vec::new());
        for window in self.zones.windows(range, report_days) {
            let delivered = delivered(self, level, window).await?;
            let weeks = self.short(window);
            by_call.extend(
                weeks
                    .iter()
                    .flat_map(|week| questions(level, *week, &delivered)),
            );
            by_report.extend(questions(level, window, &delivered));
        }
        let mut answers = Answers::of(self, level);
        // Calls are few: many questions are left to reports.
        if self.is_at_once(range) && by_call.len() <= AT_ONCE_QUESTIONS {
            for question in by_call {
                for (question, stats) in at_once(self, question).await? {
                    answers.add(&question, &stats)?;
                }
            }
        } else {
            let mut reports = Reports::new(self, by_report);
            while let Some((question, stats, as_of)) = reports.next().await? {
                answers.add(&question, &stats)?;
                answers.as_of = answers.as_of.into_iter().chain([as_of]).min();
            }
        }
        let entities = match level {
            Level::Account => Vec::new(),
            _ => described(self, level, &answers.sums.entities()).await?,
        };
        Ok(Batch {
            gaps: self.gaps(range),
            facts: answers.sums.into_facts(),
            entities,
            as_of: answers.as_of,
            ..Batch::default()
        })
    }

    /// Takes note that the account has no figures of a kind.
    pub(super) fn lacks(&self, figures: Figures) {
        if figures == Figures::Conversions {
            self.lacks_conversions.store(true, Ordering::Relaxed);
        }
    }

    /// What the account does not have, which is not zero.
    fn gaps(&self, range: DateRange) -> Vec<MetricGap> {
        if !self.lacks_conversions.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let lacking = TABLE.iter().filter(|row| row.of == Figures::Conversions);
        lacking
            .map(|row| MetricGap {
                metric: MetricId::from(row.metric),
                range,
                reason: "X gives this account no conversions".to_owned(),
            })
            .collect()
    }

    /// A window in parts that are answered at once: a week with a change of clocks is too long.
    fn short(&self, window: DateRange) -> Vec<DateRange> {
        let weeks = window.parts(AT_ONCE_DAYS).into_iter();
        weeks
            .flat_map(|week| match week.halves() {
                Some(halves) if self.zones.lasts(week) > AT_ONCE_HOURS => halves.to_vec(),
                _ => vec![week],
            })
            .collect()
    }
}

/// The answers to the questions of a fetch, added up.
struct Answers {
    sums: Sums,
    as_of: Option<DateTime<Utc>>,
    /// The account, where everything counts for it: its own figures are few, it is the sum of its
    /// campaigns.
    account: Option<Arc<str>>,
}

impl Answers {
    fn of(session: &Session, level: Level) -> Self {
        Self {
            sums: Sums::default(),
            as_of: None,
            account: (level == Level::Account).then(|| Arc::from(session.account())),
        }
    }

    fn add(&mut self, question: &Question, stats: &Stats) -> Result<()> {
        let asked = Asked {
            range: question.range,
            figures: question.figures,
            ids: &question.ids,
            operation: "figures",
        };
        self.sums.add(asked, stats, self.account.as_ref())
    }
}
