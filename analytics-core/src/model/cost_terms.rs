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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn term(from: &str, kind: Option<FeeKind>, rate: &str, tax: Option<&str>) -> CostTerm {
        let share = |text: &str| Share(Millionths::parse_exact(text).unwrap());
        CostTerm {
            from: from.parse().unwrap(),
            fee: kind.map(|kind| AgencyFee {
                kind,
                rate: share(rate),
            }),
            tax: tax.map(share),
        }
    }

    #[rstest]
    #[case::nothing(None, "0", None, "100000", "100000")]
    #[case::on_top(Some(FeeKind::OnTop), "0.2", None, "100000", "120000")]
    #[case::within(Some(FeeKind::Within), "0.2", None, "100000", "125000")]
    #[case::tax(None, "0", Some("0.1"), "100000", "110000")]
    #[case::on_top_and_tax(Some(FeeKind::OnTop), "0.2", Some("0.1"), "100000", "132000")]
    #[case::within_and_tax(Some(FeeKind::Within), "0.2", Some("0.1"), "100000", "137500")]
    #[case::rounded_once(Some(FeeKind::Within), "0.15", Some("0.1"), "1", "1.294118")]
    #[case::half_goes_up(Some(FeeKind::OnTop), "0.5", None, "0.000001", "0.000002")]
    #[case::a_refund(Some(FeeKind::OnTop), "0.5", None, "-0.000001", "-0.000002")]
    fn a_cost_is_billed_exactly(
        #[case] kind: Option<FeeKind>,
        #[case] rate: &str,
        #[case] tax: Option<&str>,
        #[case] cost: &str,
        #[case] billed: &str,
    ) {
        let terms = CostTerms::new(vec![term("2026-04-01", kind, rate, tax)]).unwrap();
        let cost = Millionths::parse_exact(cost).unwrap();
        let day = "2026-04-01".parse().unwrap();
        assert_eq!(terms.billed(day, cost).unwrap().to_string(), billed);
        let before = "2026-03-31".parse().unwrap();
        assert_eq!(terms.billed(before, cost).unwrap(), cost, "not yet");
    }

    #[test]
    fn a_later_term_replaces_the_one_before() {
        let terms = CostTerms::new(vec![
            term("2026-01-01", Some(FeeKind::OnTop), "0.2", None),
            term("2026-04-01", None, "0", Some("0.1")),
        ]);
        let terms = terms.unwrap();
        let billed = |day: &str| {
            let cost = Millionths(100);
            terms.billed(day.parse().unwrap(), cost).unwrap().0
        };
        assert_eq!(billed("2026-03-31"), 120);
        assert_eq!(billed("2026-04-01"), 110);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let terms = CostTerms::new(vec![term("2026-01-01", Some(FeeKind::OnTop), "10", None)]);
        let day = "2026-01-01".parse().unwrap();
        let billed = terms.unwrap().billed(day, Millionths(i64::MAX));
        assert!(matches!(billed, Err(Error::Overflow { .. })));
    }

    #[rstest]
    #[case::fee_of_nothing(Some(FeeKind::OnTop), "0", None, "terms[1].fee.rate")]
    #[case::fee_below_nothing(Some(FeeKind::OnTop), "-0.1", None, "terms[1].fee.rate")]
    #[case::too_much(Some(FeeKind::OnTop), "10.000001", None, "terms[1].fee.rate")]
    #[case::everything(Some(FeeKind::Within), "1", None, "terms[1].fee.rate")]
    #[case::tax_of_nothing(None, "0", Some("0"), "terms[1].tax")]
    #[case::percent_for_share(None, "0", Some("10"), "terms[1].tax")]
    fn terms_that_cannot_be_are_named(
        #[case] kind: Option<FeeKind>,
        #[case] rate: &str,
        #[case] tax: Option<&str>,
        #[case] named: &str,
    ) {
        let first = term("2026-01-01", None, "0", None);
        let bad = CostTerms::new(vec![first, term("2026-02-01", kind, rate, tax)]);
        let Err(Error::Invalid { field, .. }) = bad else {
            panic!("{bad:?}");
        };
        assert_eq!(field, named);
    }

    #[test]
    fn days_ascend() {
        let one = term("2026-01-01", None, "0", None);
        let Err(Error::Invalid { field, .. }) = CostTerms::new(vec![one, one]) else {
            panic!("the same day twice");
        };
        assert_eq!(field, "terms[1].from");
        assert!(CostTerms::new(vec![one; 101]).is_err());
    }

    #[test]
    fn they_are_written_as_shares_of_one() {
        let terms = CostTerms::new(vec![term(
            "2026-04-01",
            Some(FeeKind::Within),
            "0.15",
            Some("0.1"),
        )]);
        let json = serde_json::to_value(terms.unwrap()).unwrap();
        let text = serde_json::json!([
            { "from": "2026-04-01", "fee": { "kind": "within", "rate": "0.15" }, "tax": "0.1" }
        ]);
        assert_eq!(json, text);
        let back: Vec<CostTerm> = serde_json::from_value(text).unwrap();
        assert!(CostTerms::new(back).is_ok());
    }
}
