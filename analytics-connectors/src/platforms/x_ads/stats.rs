//! Questions for figures: some ids, one placement, one set of groups, some days.

use analytics_core::model::{DateRange, Level};
use serde::de::DeserializeOwned;

use super::{
    api::{Call, Params},
    days::Spelling,
    error::{Code, invalid},
    fetch::Session,
    metrics::Figures,
    structure::{Delivered, EVERYWHERE, entity},
};
use crate::error::{Error, ErrorKind, Result};

/// Ids of one question.
const IDS: usize = 20;

/// A question for figures.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    pub(super) level: Level,
    pub(super) ids: Vec<String>,
    pub(super) placement: String,
    pub(super) figures: Figures,
    pub(super) range: DateRange,
}

/// Every question about what delivered in a window.
pub(super) fn questions(level: Level, range: DateRange, delivered: &Delivered) -> Vec<Question> {
    let mut questions = Vec::new();
    for (placement, ids) in delivered {
        let ids: Vec<&String> = ids.iter().collect();
        for ids in ids.chunks(IDS) {
            for figures in Figures::ALL {
                questions.push(Question {
                    level,
                    ids: ids.iter().map(|id| (*id).clone()).collect(),
                    placement: placement.clone(),
                    figures,
                    range,
                });
            }
        }
    }
    questions
}

impl Question {
    /// The parameters, with days in a spelling.
    pub(super) fn params(&self, session: &Session, spelling: Spelling) -> Params {
        let [start, end] = session.zones.ends(self.range, spelling, session.today);
        vec![
            ("entity", entity(self.level).to_owned()),
            ("entity_ids", self.ids.join(",")),
            ("start_time", start),
            ("end_time", end),
            ("granularity", "DAY".to_owned()),
            ("placement", self.placement.clone()),
            ("metric_groups", self.figures.groups().to_owned()),
        ]
    }

    /// The same in parts, where it is too much: of its ids, then of its days.
    pub(super) fn halves(&self) -> Option<[Self; 2]> {
        if self.ids.len() > 1 {
            let (first, second) = self.ids.split_at(self.ids.len() / 2);
            return Some([first, second].map(|ids| Self {
                ids: ids.to_vec(),
                ..self.clone()
            }));
        }
        let halves = self.range.halves()?;
        Some(halves.map(|range| Self {
            range,
            ..self.clone()
        }))
    }

    /// What to ask instead of a question that was refused; the error where nothing else helps.
    pub(super) fn instead(&self, session: &Session, error: Error) -> Result<Vec<Self>> {
        let missing = Code::is_of_missing(&error);
        if missing && self.ids.len() == 1 {
            tracing::info!(id = self.ids[0], %error, "has no figures any more");
            return Ok(Vec::new());
        }
        if Code::is_of_offer(&error) && self.placement != EVERYWHERE {
            tracing::warn!(placement = self.placement, %error, "a placement is left out");
            return Ok(Vec::new());
        }
        if Code::is_of_feature(&error) && self.figures != Figures::Delivery {
            tracing::warn!(figures = self.figures.groups(), %error, "the account has none of these");
            session.lacks(self.figures);
            return Ok(Vec::new());
        }
        match self.halves() {
            Some(halves) if missing || error.kind == ErrorKind::TooMuchData => Ok(halves.to_vec()),
            _ => Err(Error {
                context: format!("{}: {}", self.range, error.context),
                ..error
            }),
        }
    }
}

/// The answer to a question, or to the order of a report about it, with the days in the spelling that
/// is known to be taken, else in the others.
pub(super) async fn ask<T: DeserializeOwned>(
    session: &Session,
    question: &Question,
    by: By,
) -> Result<T> {
    let mut refusal = None;
    for spelling in session.spellings() {
        let (operation, path) = match by {
            By::Call => ("figures", vec!["stats", "accounts", session.account()]),
            By::Report => (
                "order a report",
                vec!["stats", "jobs", "accounts", session.account()],
            ),
        };
        let call = Call {
            operation,
            account: session.account(),
            path,
            params: question.params(session, spelling),
        };
        let answer = match by {
            By::Call => session.api.get(&call, &session.tokens).await,
            By::Report => session.api.order(&call, &session.tokens).await,
        };
        match answer {
            Err(error) if Code::is_of_times(&error) => refusal = Some(error),
            Err(error) => return Err(error),
            Ok(answer) => {
                session.remember(spelling);
                return Ok(answer);
            }
        }
    }
    Err(refusal.unwrap_or_else(|| invalid("figures", "no way to spell the days is left")))
}

/// How a question is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Answered at once.
    Call,
    /// By a report that is made of it.
    Report,
}
