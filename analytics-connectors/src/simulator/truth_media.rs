//! The truth about pages and profiles, worked out from what happened, day by day and post by post.

use analytics_core::model::{DateRange, Level, MetricId, Millionths};
use chrono::NaiveDate;

use super::{
    truth::{TruthQuery, TruthRow},
    world::{
        AsOf, World,
        media::{MediaAccount, MediaKind},
        posts::Post,
    },
};

/// Millionths in a thousandth.
const MILLI: i64 = Millionths::SCALE / 1000;

/// Rows of an account, whether or not a level, a metric or days were asked for.
pub(super) fn truth(world: &World, account: &MediaAccount, query: &TruthQuery) -> Vec<TruthRow> {
    let as_of = account.as_of(query.as_of.unwrap_or_else(|| world.now()));
    let Ok(range) = DateRange::new(query.start, query.end) else {
        return Vec::new();
    };
    let mut teller = Teller {
        account,
        query,
        as_of,
        rows: Vec::new(),
    };
    let asked = |level| query.level.is_none_or(|asked| asked == level);
    if query.window {
        teller.tell_window(range);
    } else {
        if asked(Level::Account) {
            range.iter().for_each(|date| teller.tell_account(date));
        }
        if asked(Level::Post) {
            for post in account
                .posts
                .iter()
                .filter(|post| (account.rules.lasts)(post))
            {
                range
                    .iter()
                    .skip_while(|date| *date < post.day())
                    .for_each(|date| teller.tell_post(post, date));
            }
        }
    }
    let mut rows = teller.rows;
    rows.sort_unstable();
    rows
}

struct Teller<'a> {
    account: &'a MediaAccount,
    query: &'a TruthQuery,
    as_of: AsOf,
    rows: Vec<TruthRow>,
}

impl Teller<'_> {
    fn tell_account(&mut self, date: NaiveDate) {
        if date > self.as_of.today {
            return;
        }
        for metric in self.account.rules.metrics {
            if let Some(value) = (metric.value)(self.account, DateRange::day(date), self.as_of) {
                let id = self.account.id.clone();
                self.push(Level::Account, &id, MetricId::from(metric.id), date, value);
            }
        }
    }

    fn tell_window(&mut self, range: DateRange) {
        for metric in self.account.rules.metrics {
            let MediaKind::Unique { longest, lengths } = metric.kind else {
                continue;
            };
            if range.days() > longest && !lengths.contains(&range.days()) {
                continue;
            }
            if let Some(value) = (metric.value)(self.account, range, self.as_of) {
                let id = self.account.id.clone();
                self.push(
                    Level::Account,
                    &id,
                    MetricId::from(metric.id),
                    range.start,
                    value,
                );
            }
        }
    }

    /// The lifetime totals of a post at the end of a day, and what they rose by on it.
    fn tell_post(&mut self, post: &Post, date: NaiveDate) {
        if date >= self.as_of.today {
            return;
        }
        for metric in self.account.rules.posts {
            let Some(total) = (metric.value)(self.account, post, date) else {
                continue;
            };
            let base = MetricId::from(metric.id);
            self.push(Level::Post, &post.id, base.lifetime(), date, total);
            if metric.id == "reach" {
                continue;
            }
            let before = date
                .pred_opt()
                .filter(|before| *before >= post.day())
                .and_then(|before| (metric.value)(self.account, post, before))
                .unwrap_or(0);
            self.push(Level::Post, &post.id, base, date, total - before);
        }
    }

    fn push(&mut self, level: Level, entity: &str, metric: MetricId, date: NaiveDate, milli: i64) {
        let asked = self.query.metric.as_ref();
        if milli != 0 && asked.is_none_or(|asked| *asked == metric) {
            self.rows.push(TruthRow {
                level,
                entity: entity.to_owned(),
                metric,
                date,
                value: Millionths(milli * MILLI),
            });
        }
    }
}
