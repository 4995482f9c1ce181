//! What an agency bills for ads: a fee and consumption tax beside the cost, dated.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Millionths;
use crate::error::{Error, Result};

/// How a fee relates to the cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// A share of the cost, on top of it (外掛け): `cost × (1 + r)`.
    OnTop,
    /// A share of what is billed (内掛け): `cost ÷ (1 − r)`.
    Within,
}

/// A share of one, in decimal text outside: `0.2` is 20 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(pub Millionths);

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Millionths::parse_exact(&text)
            .map(Self)
            .map_err(de::Error::custom)
    }
}

/// An agency's fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyFee {
    /// What it is a share of.
    pub kind: FeeKind,
    /// How much.
    pub rate: Share,
}

/// What is billed from a day on, until the next term begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostTerm {
    /// The first day, in the account's own time zone.
    pub from: NaiveDate,
    /// None: only the cost itself.
    pub fee: Option<AgencyFee>,
    /// Consumption tax on cost and fee; none: without.
    pub tax: Option<Share>,
}

/// The terms of an account, ascending by day. Before the first one neither fee nor tax is billed.
/// They are applied when somebody asks; what is stored is the plain cost.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct CostTerms(Vec<CostTerm>);

/// Terms beyond this many are no history of an agreement.
const MOST: usize = 100;
/// One, in millionths.
const ONE: i128 = Millionths::SCALE as i128;

impl CostTerms {
    /// Checked terms.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the path of the field, as in `terms[1].fee.rate`: days that do not
    /// ascend, a fee on top that is not more than 0 and at most 10, one within that is not between
    /// 0 and 1, a tax that is not more than 0 and at most 1, or too many terms.
    pub fn new(terms: Vec<CostTerm>) -> Result<Self> {
        if terms.len() > MOST {
            let message = format!("at most {MOST} terms");
            return Err(Error::invalid("terms", terms.len(), message));
        }
        for (at, term) in terms.iter().enumerate() {
            if at > 0 && terms[at - 1].from >= term.from {
                let message = "each term begins after the one before";
                return Err(Error::invalid(
                    format!("terms[{at}].from"),
                    term.from,
                    message,
                ));
            }
            if let Some(fee) = term.fee {
                let (most, message) = match fee.kind {
                    FeeKind::OnTop => (10 * ONE, "a fee on top is more than 0 and at most 10"),
                    FeeKind::Within => (ONE - 1, "a fee within is more than 0 and less than 1"),
                };
                check(at, "fee.rate", fee.rate, most, message)?;
            }
            if let Some(tax) = term.tax {
                check(at, "tax", tax, ONE, "a tax is more than 0 and at most 1")?;
            }
        }
        Ok(Self(terms))
    }

    /// The terms, ascending by day.
    #[must_use]
    pub fn as_slice(&self) -> &[CostTerm] {
        &self.0
    }

    /// Whether only the cost itself is billed, ever.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is billed for a day's cost, rounded half away from zero at the millionth.
    ///
    /// # Errors
    /// [`Error::Overflow`] if it does not fit.
    pub fn billed(&self, date: NaiveDate, cost: Millionths) -> Result<Millionths> {
        match self.0.iter().rev().find(|term| term.from <= date) {
            Some(term) => term.billed(cost),
            None => Ok(cost),
        }
    }
}

fn check(at: usize, field: &str, share: Share, most: i128, message: &str) -> Result<()> {
    let share = share.0;
    if share.0 > 0 && i128::from(share.0) <= most {
        return Ok(());
    }
    Err(Error::invalid(
        format!("terms[{at}].{field}"),
        share,
        message,
    ))
}

impl CostTerm {
    /// What is billed for a cost under this term, rounded once.
    fn billed(&self, cost: Millionths) -> Result<Millionths> {
        let (fee, per) = match self.fee {
            None => (ONE, ONE),
            Some(AgencyFee { kind, rate }) => match kind {
                FeeKind::OnTop => (ONE + i128::from(rate.0.0), ONE),
                FeeKind::Within => (ONE, ONE - i128::from(rate.0.0)),
            },
        };
        let tax = ONE + self.tax.map_or(0, |tax| i128::from(tax.0.0));
        // At most 2^63 × 11·10^6 × 2·10^6: far inside 128 bits.
        let (over, under) = (i128::from(cost.0) * fee * tax, per * ONE);
        let rounded = (2 * over.abs() + under) / (2 * under) * over.signum();
        i64::try_from(rounded)
            .map(Millionths)
            .map_err(|_| Error::Overflow {
                metric: super::MetricId::BILLED_SPEND.to_owned(),
            })
    }
}
