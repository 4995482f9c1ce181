//! From cells and coverage to figures with a status.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{
    basis::{Bases, PartBasis, Parts, bases},
    cells::{Cell, Cells},
    change::Reason,
    cohort::{Cohort, Cohorts, Single},
    dataset::{Dataset, Entities, MetricFacts, Window},
    day_runs::{Counts, DayRuns},
    days::{Days, date_of},
    figure::{RawFigure, Status},
    number::Amount,
    plan::{Formula, MetricPlan, PartKind},
    report::GroupKind,
    wishes::Wishes,
};
use crate::{
    error::{Error, Result},
    model::{AccountState, Level, MetricId},
};

/// Computes figures of cohorts over ranges.
#[derive(Debug)]
pub(super) struct Evaluator<'a> {
    dataset: &'a Dataset,
    level: Level,
    cohorts: &'a [Cohort<'a>],
    metrics: &'a [MetricPlan<'a>],
    ranges: &'a [Days],
    bases: Bases,
    cells: Cells,
    /// Where lacking exact values are put down; none: nobody fetches them.
    wishes: Option<&'a Wishes>,
}

/// A place in the answer: which part of which metric of which cohort over which range.
#[derive(Debug, Clone, Copy)]
struct Place {
    cohort: usize,
    metric: usize,
    part: usize,
    range: usize,
}

impl<'a> Evaluator<'a> {
    /// Reads every cell of `cohorts` over `ranges`.
    pub(super) fn new(
        dataset: &'a Dataset,
        level: Level,
        cohorts: &'a Cohorts<'a>,
        metrics: &'a [MetricPlan<'a>],
        ranges: &'a [Days],
    ) -> Result<Self> {
        let bases = bases(metrics, &cohorts.sources, ranges);
        let cells = Cells::new(
            cohorts.cohorts.len(),
            metrics,
            &cohorts.sources,
            &bases,
            ranges,
            level != Level::Account,
        )?;
        Ok(Self {
            dataset,
            level,
            cohorts: &cohorts.cohorts,
            metrics,
            ranges,
            bases,
            cells,
            wishes: None,
        })
    }

    /// The same, putting down which exact values it lacks.
    pub(super) fn wishing(self, wishes: Option<&'a Wishes>) -> Self {
        Self { wishes, ..self }
    }

    /// The figure of a metric in a cohort over the range at `range`.
    pub(super) fn figure(&self, cohort: usize, metric: usize, range: usize) -> Result<RawFigure> {
        let plan = &self.metrics[metric];
        if self.cohorts[cohort].kind != GroupKind::Entity && !plan.formula.additive() {
            return Ok(RawFigure::missing(Some(Reason::NotAdditive)));
        }
        if self.offering(cohort, metric).next().is_none() {
            return Ok(RawFigure::missing(Some(Reason::NotOffered)));
        }
        let place = Place {
            cohort,
            metric,
            part: 0,
            range,
        };
        if self.refused_for_one(place) {
            return Ok(RawFigure::missing(Some(Reason::NotOffered)));
        }
        match plan.formula {
            Formula::Stored(kind) => self.part(place, kind, &plan.metric.id),
            Formula::Ratio { scale, .. } if plan.formula.additive() => {
                Ok(self.ratio_of_sums(place, scale))
            }
            Formula::Ratio {
                numerator,
                numerator_kind,
                denominators,
                denominator_kind,
                scale,
            } => {
                let above = self.part(place, numerator_kind, numerator)?;
                let below_id = denominators.first().unwrap_or(numerator);
                let below = self.part(Place { part: 1, ..place }, denominator_kind, below_id)?;
                let unique = [numerator_kind, denominator_kind].contains(&PartKind::Unique);
                Ok(ratio_of_figures(above, below, scale, unique))
            }
        }
    }

    /// Accounts of the cohort that offer the metric.
    fn offering(&self, cohort: usize, metric: usize) -> impl Iterator<Item = usize> + '_ {
        self.cohorts[cohort]
            .accounts
            .iter()
            .copied()
            .filter(move |account| self.bases.contains_key(&(*account, metric)))
    }

    fn part_bases(&self, place: Place) -> impl Iterator<Item = &PartBasis> {
        self.cohorts[place.cohort]
            .accounts
            .iter()
            .filter_map(move |account| self.bases.get(&(*account, place.metric)))
            .filter_map(move |basis| basis.parts.get(place.part))
    }

    fn counts(&self, place: Place) -> Counts {
        if let Some(days) = self.days_of_one(place) {
            return days.count(self.ranges[place.range]);
        }
        let mut counts = Counts::default();
        for basis in self.part_bases(place) {
            counts += basis.counts[place.range];
        }
        counts
    }

    /// The days known of a cohort that is one entity, where these are its own: of a ratio, those
    /// of both parts.
    fn days_of_one(&self, place: Place) -> Option<Cow<'a, DayRuns>> {
        let single = self.cohorts[place.cohort].single?;
        let entity = single.entity?;
        let facts = self.dataset.level(single.account, self.level)?;
        let parts = Parts::of(&self.metrics[place.metric], facts)?;
        let mut own: Option<Cow<'a, DayRuns>> = None;
        for (_, facts, _) in parts.iter() {
            let days: &DayRuns = facts.days_of(entity)?;
            own = Some(match own {
                Some(other) => Cow::Owned(other.intersect(days)),
                None => Cow::Borrowed(days),
            });
        }
        own
    }

    /// Whether the cohort is one entity that the platform does not give the metric for.
    fn refused_for_one(&self, place: Place) -> bool {
        let one = || {
            let single = self.cohorts[place.cohort].single?;
            let entity = single.entity?;
            let facts = self.dataset.level(single.account, self.level)?;
            let parts = Parts::of(&self.metrics[place.metric], facts)?;
            Some(parts.iter().any(|(_, facts, _)| !facts.offered_for(entity)))
        };
        one().unwrap_or(false)
    }

    fn cell(&self, place: Place) -> &Cell {
        self.cells
            .get(place.cohort, place.metric, place.part, place.range)
    }

    fn part(&self, place: Place, kind: PartKind, id: &MetricId) -> Result<RawFigure> {
        match kind {
            PartKind::Additive => {
                let counts = self.counts(place);
                covered_value(counts, self.cell(place).sum, id)
            }
            PartKind::Unique => self.unique(place, id),
            PartKind::Stock => self.stock(place, id),
        }
    }

    fn unique(&self, place: Place, id: &MetricId) -> Result<RawFigure> {
        if let Some(window) = self.exact(place) {
            return Ok(RawFigure {
                value: Some(Amount::Exact(window.value)),
                status: if window.provisional {
                    Status::Provisional
                } else {
                    Status::Final
                },
                covered: 1.0,
                reason: None,
                bounds: None,
                pending: window.provisional && self.ask_again(place, id, window),
                as_of: None,
            });
        }
        let counts = self.counts(place);
        let cell = self.cell(place);
        let complete = counts.covered == counts.days;
        if counts.covered == 0 || (complete && cell.sum == i128::from(cell.max)) {
            return covered_value(counts, cell.sum, id);
        }
        let upper = complete.then(|| fit(cell.sum, id)).transpose()?;
        Ok(RawFigure {
            value: None,
            status: Status::Bounded,
            covered: share(counts),
            reason: None,
            bounds: Some((cell.max.max(cell.window), upper)),
            pending: self.ask(place, id),
            as_of: None,
        })
    }

    /// The exact window value of a cohort that is one entity, as far as the metric is concerned.
    fn exact(&self, place: Place) -> Option<Window> {
        let (single, facts) = self.one(place)?;
        facts.exact(single.entity, self.ranges[place.range])
    }

    /// The only entity of a cohort, as far as the metric is concerned, with its facts.
    fn one(&self, place: Place) -> Option<(Single, &'a MetricFacts)> {
        let single = self.cohorts[place.cohort]
            .single
            .or_else(|| self.only_offering(place))?;
        let facts = self.dataset.level(single.account, self.level)?;
        let parts = Parts::of(&self.metrics[place.metric], facts)?;
        let (_, facts, _) = parts.iter().nth(place.part)?;
        Some((single, facts))
    }

    /// Asks for the exact value that is lacking, where that is worth it.
    fn ask(&self, place: Place, id: &MetricId) -> bool {
        let (Some(wishes), Some((single, facts))) = (self.wishes, self.one(place)) else {
            return false;
        };
        let days = self.ranges[place.range];
        let fetchable = self.dataset.accounts[single.account].state == AccountState::Active
            && facts.fetched_to.is_some_and(|last| days.last <= last)
            && facts.askable.allows(days, wishes.today);
        fetchable && wishes.add(single.account, self.level, id, days)
    }

    /// Asks anew for an exact value that was told too early, once it has settled.
    fn ask_again(&self, place: Place, id: &MetricId, window: Window) -> bool {
        let has_settled = |wishes: &Wishes| window.settled <= wishes.today;
        self.wishes.is_some_and(has_settled) && self.ask(place, id)
    }

    /// The only account that offers the metric: the others are left out of it.
    fn only_offering(&self, place: Place) -> Option<Single> {
        let mut offering = self.offering(place.cohort, place.metric);
        let account = offering.next().filter(|_| self.level == Level::Account)?;
        offering.next().is_none().then_some(Single {
            account,
            entity: None,
        })
    }

    fn stock(&self, place: Place, id: &MetricId) -> Result<RawFigure> {
        let cell = self.cell(place);
        let mut counts = Counts::default();
        if self.is_of_posts(place, id) {
            // Each post has a total of its own, of the day when it was looked at.
            counts.days = cell.known;
            counts.covered = cell.fresh;
        } else {
            // A stock's account-days are the last days of its accounts.
            for basis in self.part_bases(place) {
                counts.days += 1;
                if let Some(provisional) = basis.last[place.range] {
                    counts.covered += 1;
                    counts.provisional += i64::from(provisional);
                }
            }
        }
        if cell.known == 0 {
            return Ok(RawFigure::missing(None));
        }
        Ok(RawFigure {
            value: Some(Amount::Exact(fit(cell.sum, id)?)),
            status: status(counts).max(Status::Partial),
            covered: share(counts),
            reason: None,
            bounds: None,
            pending: false,
            as_of: self.carried_from(place),
        })
    }

    /// The day that the stock of one account or entity is of, if it was carried from there.
    fn carried_from(&self, place: Place) -> Option<NaiveDate> {
        let (single, facts) = self.one(place)?;
        let series = match (single.entity, facts.series.as_slice()) {
            (Some(entity), _) => facts.one(entity)?,
            (None, [only]) => only,
            _ => return None,
        };
        let last = self.ranges[place.range].last;
        let (day, _) = series.last_known(last, i32::MIN)?;
        let carried = day < last && !facts.ended_by(series.entity, last);
        date_of(day).filter(|_| carried)
    }

    /// Whether these are lifetime totals of posts.
    fn is_of_posts(&self, place: Place, id: &MetricId) -> bool {
        let mut accounts = self.cohorts[place.cohort].accounts.iter();
        accounts.any(|account| {
            let facts = self.dataset.level(*account, self.level);
            let facts = facts.and_then(|facts| facts.metric(id));
            facts.is_some_and(|facts| matches!(facts.entities, Entities::Totals(_)))
        })
    }

    fn ratio_of_sums(&self, place: Place, scale: i64) -> RawFigure {
        let counts = self.counts(place);
        let above = self.cell(place).sum;
        let below = self.cell(Place { part: 1, ..place }).sum;
        let known = counts.covered + counts.partial > 0;
        RawFigure {
            value: (known && below != 0).then(|| quotient(above, below, scale)),
            status: status(counts),
            covered: share(counts),
            reason: (known && below == 0).then_some(Reason::ZeroDenominator),
            bounds: None,
            pending: false,
            as_of: None,
        }
    }
}

/// A ratio whose parts are not both sums: with a unique part, both must be whole and exact.
fn ratio_of_figures(above: RawFigure, below: RawFigure, scale: i64, unique: bool) -> RawFigure {
    let mut figure = RawFigure {
        value: None,
        status: above.status.min(below.status),
        covered: above.covered.min(below.covered),
        reason: None,
        bounds: None,
        pending: above.pending || below.pending,
        as_of: None,
    };
    let statuses = [above.status, below.status];
    if statuses.contains(&Status::Bounded) {
        figure.status = Status::Bounded;
        figure.reason = Some(Reason::NotAdditive);
    } else if unique
        && (figure.status == Status::Partial
            || (figure.status == Status::Missing && above.status != below.status))
    {
        figure.reason = Some(Reason::Incomplete);
    } else if let (Some(Amount::Exact(above)), Some(Amount::Exact(below))) =
        (above.value, below.value)
    {
        if below == 0 {
            figure.reason = Some(Reason::ZeroDenominator);
        } else {
            figure.value = Some(quotient(above.into(), below.into(), scale));
        }
    }
    figure
}

fn covered_value(counts: Counts, sum: i128, id: &MetricId) -> Result<RawFigure> {
    let status = status(counts);
    Ok(RawFigure {
        value: match status {
            Status::Missing => None,
            _ => Some(Amount::Exact(fit(sum, id)?)),
        },
        status,
        covered: share(counts),
        reason: None,
        bounds: None,
        pending: false,
        as_of: None,
    })
}

fn status(counts: Counts) -> Status {
    if counts.covered + counts.partial == 0 {
        Status::Missing
    } else if counts.covered < counts.days {
        Status::Partial
    } else if counts.provisional > 0 {
        Status::Provisional
    } else {
        Status::Final
    }
}

#[allow(clippy::cast_precision_loss)] // counts of days are small
fn share(counts: Counts) -> f64 {
    if counts.days == 0 {
        return 0.0;
    }
    counts.covered as f64 / counts.days as f64
}

#[allow(clippy::cast_precision_loss)] // a quotient is the nearest double by definition
fn quotient(above: i128, below: i128, scale: i64) -> Amount {
    Amount::Quotient(above as f64 * scale as f64 / below as f64)
}

fn fit(sum: i128, id: &MetricId) -> Result<i64> {
    i64::try_from(sum).map_err(|_| Error::Overflow {
        metric: id.to_string(),
    })
}
