//! The lists of actions: the same event under several types.

use crate::simulator::world::counts::{Counts, Measure};

/// One entry: type, total, and how much of it followed a view without a click.
pub(super) type Entry = (&'static str, i64, i64);

/// Types one purchase appears under.
const PURCHASE: [&str; 7] = [
    "purchase",
    "omni_purchase",
    "offsite_conversion.fb_pixel_purchase",
    "onsite_web_purchase",
    "onsite_web_app_purchase",
    "web_in_store_purchase",
    "web_app_in_store_purchase",
];
const ADD_TO_CART: [&str; 5] = [
    "add_to_cart",
    "omni_add_to_cart",
    "onsite_web_add_to_cart",
    "onsite_web_app_add_to_cart",
    "offsite_conversion.fb_pixel_add_to_cart",
];
const CHECKOUT: [&str; 4] = [
    "initiate_checkout",
    "omni_initiated_checkout",
    "onsite_web_initiate_checkout",
    "offsite_conversion.fb_pixel_initiate_checkout",
];

/// `actions`: every event that happened, under all of its types.
pub(super) fn actions(counts: &Counts) -> Vec<Entry> {
    let engagements = counts.engagements();
    let saves = counts[Measure::Saves];
    let leads = counts[Measure::Leads];
    let on_platform = counts[Measure::LeadsOnPlatform];
    let leads_by_view = counts[Measure::LeadsByView];
    let mut entries: Vec<Entry> = vec![
        ("page_engagement", engagements + counts[Measure::Follows], 0),
        ("post_engagement", engagements, 0),
        ("link_click", counts[Measure::LinkClicks], 0),
        ("landing_page_view", counts[Measure::LandingPageViews], 0),
        (
            "omni_landing_page_view",
            counts[Measure::LandingPageViews],
            0,
        ),
        ("video_view", counts[Measure::VideoViews], 0),
        ("post_reaction", counts[Measure::Reactions], 0),
        ("comment", counts[Measure::Comments], 0),
        ("post", counts[Measure::Shares], 0),
        ("onsite_conversion.post_save", saves, 0),
        ("post_net_save", saves, 0),
        ("onsite_conversion.post_net_save", saves, 0),
        ("post_interaction_gross", engagements, 0),
        ("like", counts[Measure::Follows], 0),
        ("lead", leads, leads_by_view),
        (
            "onsite_conversion.lead_grouped",
            on_platform,
            leads_by_view.min(on_platform),
        ),
        ("offsite_conversion.fb_pixel_lead", leads - on_platform, 0),
    ];
    let mut family = |types: &[&'static str], total, by_view| {
        entries.extend(types.iter().map(|kind| (*kind, total, by_view)));
    };
    family(
        &PURCHASE,
        counts[Measure::Purchases],
        counts[Measure::PurchasesByView],
    );
    family(&ADD_TO_CART, counts[Measure::AddsToCart], 0);
    family(&CHECKOUT, counts[Measure::Checkouts], 0);
    entries.retain(|(_, total, _)| *total > 0);
    entries
}

/// `action_values`, in minor units.
pub(super) fn values(counts: &Counts) -> Vec<Entry> {
    let (total, by_view) = (
        counts[Measure::PurchaseValue],
        counts[Measure::PurchaseValueByView],
    );
    let entries = PURCHASE.iter().map(|kind| (*kind, total, by_view));
    entries.filter(|(_, total, _)| *total > 0).collect()
}
