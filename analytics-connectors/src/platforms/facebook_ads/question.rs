//! One question to the insights endpoint, and the smaller ones it can be divided into.

use std::borrow::Cow;

use analytics_core::model::{DateRange, Level};
use serde_json::json;

use super::metrics::{TABLE, Take};

/// A direct question is not divided below this many days: a report run is the better answer then.
const SHORTEST_DIRECT_DAYS: i64 = 7;

/// What is asked about the days of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A row a day.
    Daily,
    /// One row for the whole range: exact reach.
    Window,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) level: Level,
    pub(super) shape: Shape,
    pub(super) range: DateRange,
    /// By report run instead of directly.
    pub(super) by_run: bool,
    /// Only these campaigns; none: all.
    pub(super) campaigns: Option<Vec<String>>,
}

/// What becomes of a question that was too much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Smaller {
    /// These together say the same.
    Questions(Vec<Question>),
    /// It can only be divided by campaign, and the campaigns are not known yet.
    ByCampaign,
    /// It is as small as it gets.
    None,
}

impl Question {
    /// A question the usual way: directly for account and campaigns, by report run below.
    pub(super) fn new(level: Level, shape: Shape, range: DateRange) -> Self {
        Self {
            level,
            shape,
            range,
            by_run: level.depth() >= Level::AdGroup.depth(),
            campaigns: None,
        }
    }

    /// In halves of its days, then by report run, then in halves of its campaigns.
    pub(super) fn smaller(&self) -> Smaller {
        let days = self.range.days();
        let by_days =
            self.shape == Shape::Daily && days > if self.by_run { 1 } else { SHORTEST_DIRECT_DAYS };
        if by_days && let Some(halves) = self.halves_of_days() {
            return Smaller::Questions(halves);
        }
        if !self.by_run {
            return Smaller::Questions(vec![Self {
                by_run: true,
                ..self.clone()
            }]);
        }
        if self.level == Level::Account {
            return Smaller::None;
        }
        match &self.campaigns {
            None => Smaller::ByCampaign,
            Some(campaigns) if campaigns.len() > 1 => {
                let (left, right) = campaigns.split_at(campaigns.len() / 2);
                Smaller::Questions(vec![
                    self.of_campaigns(left.to_vec()),
                    self.of_campaigns(right.to_vec()),
                ])
            }
            Some(_) => Smaller::None,
        }
    }

    /// The same for some campaigns only.
    pub(super) fn of_campaigns(&self, campaigns: Vec<String>) -> Self {
        Self {
            campaigns: Some(campaigns),
            ..self.clone()
        }
    }

    fn halves_of_days(&self) -> Option<Vec<Self>> {
        let with = |range| Self {
            range,
            ..self.clone()
        };
        Some(self.range.halves()?.map(with).to_vec())
    }

    /// For messages: `insights (campaign)`.
    pub(super) fn operation(&self) -> String {
        let what = match self.shape {
            Shape::Daily => "insights",
            Shape::Window => "reach window",
        };
        format!("{what} ({})", self.level.as_str())
    }

    /// The parameters, page size aside.
    pub(super) fn params(&self) -> Vec<(Cow<'static, str>, String)> {
        let fields = match self.shape {
            Shape::Daily => daily_fields(self.level),
            Shape::Window => window_fields(self.level),
        };
        let mut params = params(self.level, &fields, self.range, self.campaigns.as_deref());
        if self.shape == Shape::Daily {
            params.push((Cow::Borrowed("time_increment"), "1".to_owned()));
        }
        params
    }
}

/// Parameters that ask only which campaigns delivered at all in `range`, deleted ones included.
pub(super) fn campaign_params(range: DateRange) -> Vec<(Cow<'static, str>, String)> {
    params(Level::Campaign, &["campaign_id"], range, None)
}

fn params(
    level: Level,
    fields: &[&str],
    range: DateRange,
    campaigns: Option<&[String]>,
) -> Vec<(Cow<'static, str>, String)> {
    let time_range = json!({ "since": range.start, "until": range.end });
    let mut params = vec![
        (Cow::Borrowed("level"), level_name(level).to_owned()),
        (Cow::Borrowed("fields"), fields.join(",")),
        (Cow::Borrowed("time_range"), time_range.to_string()),
    ];
    if let Some(campaigns) = campaigns {
        let filter = json!([{ "field": "campaign.id", "operator": "IN", "value": campaigns }]);
        params.push((Cow::Borrowed("filtering"), filter.to_string()));
    }
    params
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::AdGroup => "adset",
        other => other.as_str(),
    }
}

fn entity_fields(level: Level) -> Vec<&'static str> {
    let mut fields = vec!["account_id"];
    for (at, names) in [
        (Level::Campaign, ["campaign_id", "campaign_name"]),
        (Level::AdGroup, ["adset_id", "adset_name"]),
        (Level::Ad, ["ad_id", "ad_name"]),
    ] {
        if at.depth() <= level.depth() {
            fields.extend(names);
        }
    }
    fields
}

fn window_fields(level: Level) -> Vec<&'static str> {
    let mut fields = entity_fields(level);
    fields.extend(["impressions", "reach"]);
    fields
}

fn daily_fields(level: Level) -> Vec<&'static str> {
    let mut fields = entity_fields(level);
    for row in TABLE {
        add_sources(&row.take, &mut fields);
    }
    fields
}

fn add_sources(take: &Take, fields: &mut Vec<&'static str>) {
    match take {
        Take::Field(field) | Take::Pick { list: field, .. } => {
            if !fields.contains(field) {
                fields.push(field);
            }
        }
        Take::Sum(parts) => {
            for part in *parts {
                add_sources(part, fields);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use analytics_core::Result;
    use chrono::NaiveDate;

    use super::*;

    fn range(first: u32, last: u32) -> Result<DateRange> {
        let day = |day| NaiveDate::from_ymd_opt(2026, 10, day).unwrap_or_default();
        DateRange::new(day(first), day(last))
    }

    #[test]
    fn a_direct_question_is_halved_by_days_and_then_asked_by_report_run() -> Result<()> {
        let question = Question::new(Level::Campaign, Shape::Daily, range(1, 31)?);
        let Smaller::Questions(halves) = question.smaller() else {
            panic!("31 days can be halved");
        };
        assert_eq!(halves[0].range, range(1, 15)?);
        assert_eq!(halves[1].range, range(16, 31)?);
        let week = Question::new(Level::Campaign, Shape::Daily, range(1, 7)?);
        let Smaller::Questions(run) = week.smaller() else {
            panic!("a week can be asked by report run");
        };
        assert_eq!(
            (run.len(), run[0].by_run, run[0].range),
            (1, true, week.range)
        );
        Ok(())
    }

    #[test]
    fn a_days_report_is_divided_by_campaign_and_one_campaigns_day_is_the_end() -> Result<()> {
        let day = Question::new(Level::Ad, Shape::Daily, range(1, 1)?);
        assert_eq!(day.smaller(), Smaller::ByCampaign);
        let three = day.of_campaigns(vec!["1".into(), "2".into(), "3".into()]);
        let Smaller::Questions(halves) = three.smaller() else {
            panic!("three campaigns can be divided");
        };
        assert_eq!(halves[0].campaigns.as_deref(), Some(&["1".to_owned()][..]));
        assert_eq!(halves[0].smaller(), Smaller::None);
        Ok(())
    }

    #[test]
    fn an_accounts_reach_is_never_added_up_from_campaigns() -> Result<()> {
        let mut window = Question::new(Level::Account, Shape::Window, range(1, 31)?);
        window.by_run = true;
        assert_eq!(window.smaller(), Smaller::None);
        Ok(())
    }
}
