//! Figures of entities day by day, as arrays.

use std::collections::HashMap;

use analytics_core::model::DateRange;
use serde_json::{Map, Value, json};

use super::{
    entity::Entity,
    metrics::{FIELDS, Field, Group},
    placement::Placement,
};
use crate::simulator::world::{
    AsOf, Dice,
    ads::AdAccount,
    counts::{Counts, Measure},
    observe,
};

/// The days of one entity; none where it did not serve.
pub(super) type Days = Vec<Option<Counts>>;

/// What these entities did in one placement, day by day.
pub(super) fn days(
    account: &AdAccount,
    entity: Entity,
    indexes: &[usize],
    range: DateRange,
    placement: Placement,
    as_of: AsOf,
) -> HashMap<usize, Days> {
    let empty = || vec![None; range.days().unsigned_abs() as usize];
    let mut all: HashMap<usize, Days> = indexes.iter().map(|index| (*index, empty())).collect();
    for (number, date) in range.iter().enumerate() {
        let mut sums: HashMap<usize, (i64, Counts)> = HashMap::new();
        for day in account.settled_days(date) {
            let index = account.holder(day.ad, entity.level());
            if !all.contains_key(&index) {
                continue;
            }
            if let Some(counts) = observe(day, date, as_of) {
                let ad = &account.ads[day.ad];
                let campaign = &account.campaigns[ad.campaign];
                let (impressions, part) = sums.entry(index).or_default();
                *impressions += counts[Measure::Impressions];
                *part += &placement.part(campaign, ad, date, &counts);
            }
        }
        for (index, (impressions, part)) in sums {
            // Without impressions in any placement there is no such day.
            if impressions > 0 && part != Counts::default() {
                all.entry(index).or_default()[number] = Some(part);
            }
        }
    }
    all
}

/// All days as one.
pub(super) fn total(days: &Days) -> Days {
    let mut served = days.iter().flatten().peekable();
    let any = served.peek().is_some();
    let mut sum = Counts::default();
    served.for_each(|day| sum += day);
    vec![any.then_some(sum)]
}

/// How the figures of one entity are written.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    pub(super) account: &'a AdAccount,
    pub(super) entity: Entity,
    pub(super) days: &'a Days,
    /// Decides where nothing is told instead of zero.
    pub(super) dice: Dice,
}

impl Writer<'_> {
    /// The metrics of these groups.
    pub(super) fn metrics(&self, groups: &[Group]) -> Value {
        let mut metrics = Map::new();
        for field in &FIELDS {
            if groups.contains(&field.group) && field.group.suits(self.entity, field) {
                metrics.insert(field.name.to_owned(), self.field(field));
            }
        }
        if groups.contains(&Group::WebConversion) && self.has_conversions() {
            self.conversions(&mut metrics);
        }
        Value::Object(metrics)
    }

    fn has_conversions(&self) -> bool {
        !matches!(self.entity, Entity::Account | Entity::FundingInstrument)
    }

    fn field(&self, field: &Field) -> Value {
        let factor = if field.money { self.micros() } else { 1 };
        match field.value {
            Some(value) => self.array(field.name, |day| value(day) * factor),
            None => Value::Null,
        }
    }

    /// Millionths of a currency in its minor unit.
    fn micros(&self) -> i64 {
        10_i64.pow(6 - self.account.minor_digits)
    }

    /// One number a day. Zeros may be left out, but for impressions.
    fn array(&self, name: &str, value: impl Fn(&Counts) -> i64) -> Value {
        if self.days.iter().all(Option::is_none) {
            return Value::Null;
        }
        let numbers: Vec<i64> = self
            .days
            .iter()
            .map(|day| day.as_ref().map_or(0, &value))
            .collect();
        let (dice, fixed) = (self.dice.of(name), name == "impressions");
        if !fixed && numbers.iter().all(|number| *number == 0) && dice.chance(0.5) {
            return Value::Null;
        }
        let told = numbers.into_iter().enumerate().map(|(at, number)| {
            let left_out = number == 0 && !fixed && dice.at(at as u64).chance(0.2);
            (!left_out).then_some(number)
        });
        json!(told.collect::<Vec<_>>())
    }

    fn conversions(&self, metrics: &mut Map<String, Value>) {
        let served = self.days.iter().any(Option::is_some);
        let told = |object: Value| if served { object } else { Value::Null };
        let whole = |name: &str, value: &dyn Fn(&Counts) -> i64| self.array(name, value);
        let micros = self.micros();
        let (all, by_view) = (Measure::Purchases, Measure::PurchasesByView);
        let purchases = json!({
            "metric": whole("purchases", &|c| c[all]),
            "post_view": whole("purchases by view", &|c| c[by_view]),
            "post_engagement": whole("purchases by engagement", &|c| c[all] - c[by_view]),
            "assisted": null,
            // Pieces are told in millionths, too.
            "order_quantity": whole("pieces", &|c| c[all] * 1_000_000),
            "order_quantity_view": null, "order_quantity_engagement": null,
            "sale_amount": whole("amount", &|c| c[Measure::PurchaseValue] * micros),
            "sale_amount_view": whole("amount by view", &|c| c[Measure::PurchaseValueByView] * micros),
            "sale_amount_engagement": null,
        });
        let (all, by_view) = (Measure::Leads, Measure::LeadsByView);
        let sign_ups = json!({
            "metric": whole("sign ups", &|c| c[all]),
            "post_view": whole("sign ups by view", &|c| c[by_view]),
            "post_engagement": whole("sign ups by engagement", &|c| c[all] - c[by_view]),
            "assisted": null, "order_quantity": null, "sale_amount": null,
        });
        let custom = json!({
            "metric": null, "post_view": null, "post_engagement": null, "assisted": null,
            "order_quantity": null, "sale_amount": null,
        });
        metrics.insert("conversion_purchases".to_owned(), told(purchases));
        metrics.insert("conversion_sign_ups".to_owned(), told(sign_ups));
        metrics.insert("conversion_custom".to_owned(), told(custom));
        metrics.insert("conversion_site_visits".to_owned(), Value::Null);
        metrics.insert("conversion_downloads".to_owned(), Value::Null);
    }
}
