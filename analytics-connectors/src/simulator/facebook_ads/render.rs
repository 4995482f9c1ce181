//! Rows of insights as JSON text: numbers in strings, fields without a value left out.

use std::fmt::Write as _;

use analytics_core::model::Level;

use super::{
    actions::{self, Entry},
    fields::Field,
    params::Question,
    structure::{objective, optimization},
};
use crate::simulator::world::{
    Figures,
    ads::AdAccount,
    counts::{Counts, Measure},
};

/// Writes rows of one question.
pub(super) struct Renderer<'a> {
    account: &'a AdAccount,
    question: &'a Question,
    text: String,
}

impl<'a> Renderer<'a> {
    pub(super) fn new(account: &'a AdAccount, question: &'a Question) -> Self {
        Self {
            account,
            question,
            text: String::new(),
        }
    }

    /// The rows as a JSON array.
    pub(super) fn rows(mut self, rows: &[Figures]) -> String {
        self.text.reserve(rows.len() * 1_200 + 2);
        self.text.push('[');
        for (at, row) in rows.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.text.push('{');
            for field in &self.question.fields {
                self.field(*field, row);
            }
            self.dates(row);
            self.text.push('}');
        }
        self.text.push(']');
        self.text
    }

    /// The totals as a JSON object.
    pub(super) fn summary(mut self, total: &Figures, fields: &[Field]) -> String {
        self.text.push('{');
        for field in fields {
            self.field(*field, total);
        }
        self.dates(total);
        self.text.push('}');
        self.text
    }

    fn dates(&mut self, row: &Figures) {
        // Writing to a string cannot fail, here and below.
        let _ = write!(
            self.text,
            r#""date_start":"{}","date_stop":"{}""#,
            row.range.start, row.range.end
        );
    }

    fn number(&mut self, name: &str, value: i64) {
        let _ = write!(self.text, r#""{name}":"{value}","#);
    }

    fn plain(&mut self, name: &str, value: &str) {
        let _ = write!(self.text, r#""{name}":"{value}","#);
    }

    fn name(&mut self, name: &str, value: &str) {
        let value = serde_json::Value::from(value);
        let _ = write!(self.text, r#""{name}":{value},"#);
    }

    fn ratio(&mut self, name: &str, numerator: i64, denominator: i64, scale: i64, money: bool) {
        if denominator > 0 {
            let minor = if money {
                10_i128.pow(self.account.minor_digits)
            } else {
                1
            };
            let millionths = i128::from(numerator) * i128::from(scale) * 1_000_000
                / (i128::from(denominator) * minor);
            let text = decimal(i64::try_from(millionths).unwrap_or(i64::MAX), 6);
            self.plain(name, &text);
        }
    }

    fn entity(&mut self, level: Level, row: &Figures, id: Option<&str>, name: Option<&str>) {
        if level.depth() > self.question.level.depth() {
            return;
        }
        let Some(ad) = self.account.ads_of(self.question.level, row.entity).next() else {
            return;
        };
        let index = self.account.holder(ad, level);
        if let Some(key) = id {
            let id = self.account.entity_id(level, index);
            self.plain(key, &id);
        }
        if let Some(key) = name {
            let account = self.account;
            self.name(key, account.entity_name(level, index));
        }
    }

    fn field(&mut self, field: Field, row: &Figures) {
        let counts = &row.counts;
        let digits = self.account.minor_digits;
        match field {
            Field::AccountCurrency => {
                let account = self.account;
                self.plain("account_currency", account.currency.as_str());
            }
            Field::AccountId => self.entity(Level::Account, row, Some("account_id"), None),
            Field::AccountName => self.entity(Level::Account, row, None, Some("account_name")),
            Field::CampaignId => self.entity(Level::Campaign, row, Some("campaign_id"), None),
            Field::CampaignName => self.entity(Level::Campaign, row, None, Some("campaign_name")),
            Field::AdsetId => self.entity(Level::AdGroup, row, Some("adset_id"), None),
            Field::AdsetName => self.entity(Level::AdGroup, row, None, Some("adset_name")),
            Field::AdId => self.entity(Level::Ad, row, Some("ad_id"), None),
            Field::AdName => self.entity(Level::Ad, row, None, Some("ad_name")),
            Field::Objective | Field::OptimizationGoal | Field::BuyingType => {
                self.purpose(field, row)
            }
            Field::AttributionSetting => {
                if self.question.level.depth() >= Level::AdGroup.depth() {
                    self.plain("attribution_setting", "7d_click_1d_view");
                }
            }
            Field::Reach => self.number("reach", row.reach),
            Field::Frequency => {
                self.ratio(
                    "frequency",
                    counts[Measure::Impressions],
                    row.reach,
                    1,
                    false,
                );
            }
            Field::Spend => {
                let spend = decimal(counts[Measure::Spend], digits);
                self.plain("spend", &spend);
            }
            Field::Count(name, measure) => self.number(name, counts[measure]),
            Field::OptionalCount(name, measure) => {
                if counts[measure] > 0 {
                    self.number(name, counts[measure]);
                }
            }
            Field::Engagement => {
                if counts.engagements() > 0 {
                    self.number("inline_post_engagement", counts.engagements());
                }
            }
            Field::Ratio(name, numerator, denominator, scale, money) => {
                self.ratio(name, counts[numerator], counts[denominator], scale, money);
            }
            Field::Cpp => self.ratio("cpp", counts[Measure::Spend], row.reach, 1_000, true),
            Field::OutboundClicks => self.entries(
                "outbound_clicks",
                &[("outbound_click", counts[Measure::OutboundClicks], 0)],
                0,
            ),
            Field::Actions => self.entries("actions", &actions::actions(counts), 0),
            Field::ActionValues => self.entries("action_values", &actions::values(counts), digits),
            Field::PurchaseRoas => self.roas(counts),
            Field::Video(name, measure) => {
                self.entries(name, &[("video_view", counts[measure], 0)], 0);
            }
            Field::VideoAverage => self.entries(
                "video_avg_time_watched_actions",
                &[(
                    "video_view",
                    counts[Measure::WatchSeconds] / counts[Measure::VideoPlays].max(1),
                    0,
                )],
                0,
            ),
            Field::Ranking(name) => {
                if self.question.level == Level::Ad {
                    self.plain(name, "UNKNOWN");
                }
            }
            Field::Empty => {}
        }
    }

    fn purpose(&mut self, field: Field, row: &Figures) {
        if self.question.level == Level::Account {
            return;
        }
        let Some(ad) = self.account.ads_of(self.question.level, row.entity).next() else {
            return;
        };
        let goal = self.account.campaigns[self.account.holder(ad, Level::Campaign)].goal;
        match field {
            Field::Objective => self.plain("objective", objective(goal)),
            Field::OptimizationGoal => self.plain("optimization_goal", optimization(goal)),
            _ => self.plain("buying_type", "AUCTION"),
        }
    }

    fn roas(&mut self, counts: &Counts) {
        if counts[Measure::PurchaseValue] > 0 && counts[Measure::Spend] > 0 {
            let millionths = counts[Measure::PurchaseValue] * 1_000_000 / counts[Measure::Spend];
            let _ = write!(
                self.text,
                r#""purchase_roas":[{{"action_type":"omni_purchase","value":"{}"}}],"#,
                decimal(millionths, 6)
            );
        }
    }

    /// A list of entries; entries without a value and empty lists are left out.
    fn entries(&mut self, name: &str, entries: &[Entry], digits: u32) {
        if entries.iter().all(|(_, total, _)| *total == 0) {
            return;
        }
        let _ = write!(self.text, r#""{name}":["#);
        for (at, (kind, total, by_view)) in entries.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            let total_text = decimal(*total, digits);
            let _ = write!(
                self.text,
                r#"{{"action_type":"{kind}","value":"{total_text}""#
            );
            for window in &self.question.windows {
                let part = in_window(window, *total, *by_view);
                if part > 0 {
                    let part = decimal(part, digits);
                    let _ = write!(self.text, r#","{window}":"{part}""#);
                }
            }
            self.text.push('}');
        }
        self.text.push_str("],");
    }
}

/// How much of a total an attribution window holds. `7d_view` and `28d_view` hold nothing any more.
fn in_window(window: &str, total: i64, by_view: i64) -> i64 {
    match window {
        "7d_click" | "28d_click" => total - by_view,
        "1d_click" => (total - by_view) * 7 / 10,
        "1d_view" => by_view,
        "default" => total,
        _ => 0,
    }
}

/// A whole number of the smallest unit as decimal text, without trailing zeros.
fn decimal(value: i64, digits: u32) -> String {
    let unit = 10_i64.pow(digits);
    let (whole, rest) = (value / unit, value % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let text = format!("{whole}.{rest:0width$}", width = digits as usize);
    text.trim_end_matches('0').to_owned()
}
