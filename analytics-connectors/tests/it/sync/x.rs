//! X against the simulator: what is stored is what is true, nothing is invented of the time before
//! linking, reading costs what the platform bills, and a refresh token is used once.

use std::{collections::BTreeMap, sync::Arc};

use analytics_connectors::{
    Registry,
    clock::Clock,
    simulator::Fault,
    sync::{Ended, GrantLocks, Linked, StoredTokens, SyncEngine, SyncSettings},
};
use analytics_core::{
    Error,
    model::{Account, AccountState, GrantState, Level, MetricId, Millionths, WorkspaceSettings},
};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use rstest::rstest;

use super::world::{Row, World, config, same, settings};

const X: &str = "x";

/// Counters of the simulated platform move at midnight in Tokyo, and so days are counted there.
async fn in_tokyo(accounts: usize, settings: SyncSettings) -> World {
    let world = World::new(accounts, settings).await;
    let mut home = world.store.workspace(world.workspace).await.unwrap();
    home.settings.time_zone = chrono_tz::Asia::Tokyo;
    world.store.save_workspace(&home).await.unwrap();
    world
}

fn is_sum(world: &World, metric: &MetricId) -> bool {
    let connector = world.registry.connector(&X.into()).unwrap();
    let profile = connector.descriptor().profile.clone();
    let feed = profile.feed(&"posts".into()).unwrap();
    feed.offered_at(Level::Account).any(|known| known == metric)
}

impl World {
    /// Demands that followers and numbers of posts are the truth of their days, and that every sum
    /// is that of the amounts of its day's posts.
    async fn x_account_equals_truth(&self, account: &Account) {
        let stored = self.stored(account, Level::Account).await;
        let (sums, own): (Vec<Row>, Vec<Row>) =
            stored.into_iter().partition(|row| is_sum(self, &row.1));
        let mut truth = Vec::new();
        for feed in self.coverage(account).await {
            let metrics: &[&str] = match (feed.level, feed.feed.as_str()) {
                (Level::Account, "profile") => &["followers", "x.following", "x.listed"],
                (Level::Account, "publications") => &["posts"],
                _ => &[],
            };
            for run in &feed.covered {
                let rows = self.truth(account, Level::Account, run.range, run.last_fetched_at);
                let wanted = |row: &Row| metrics.contains(&row.1.as_str());
                truth.extend(rows.into_iter().filter(wanted));
            }
        }
        truth.sort_unstable();
        same(Level::Account, &truth, &own);

        let mut expected: BTreeMap<(MetricId, NaiveDate), i64> = BTreeMap::new();
        for (_, metric, date, value) in self.stored(account, Level::Post).await {
            if metric.of_lifetime().is_none() {
                *expected.entry((metric, date)).or_default() += value;
            }
        }
        expected.retain(|_, value| *value != 0);
        let sums: BTreeMap<_, _> = sums
            .into_iter()
            .map(|(_, metric, date, value)| ((metric, date), value))
            .collect();
        assert_eq!(sums, expected, "an account has what its posts got");
    }

    async fn grant_state(&self, linked: &Linked) -> GrantState {
        let grant = self.store.grant(linked.grant.workspace, linked.grant.id);
        grant.await.unwrap().state
    }

    fn token_calls(&self) -> u64 {
        self.sim.calls().of("oauth2/token")
    }
}

#[tokio::test]
async fn the_year_before_linking_is_told_by_publish_date_and_nothing_is_invented() {
    let world = in_tokyo(2, settings(425, 365)).await;
    let account = world.link_platform(X).await.remove(0);
    assert_eq!(account.time_zone, chrono_tz::Asia::Tokyo);
    let outcomes = world.until_complete(&account).await;
    assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
    world.x_account_equals_truth(&account).await;

    let stored = world.stored(&account, Level::Account).await;
    let days = |metric: &str| stored.iter().filter(|row| row.1.as_str() == metric).count();
    assert_eq!(days("followers"), 1);
    assert!(days("posts") > 150, "{}", days("posts"));
    assert_eq!(days("impressions"), 0, "no amount of a day before linking");
    let posts = world.stored(&account, Level::Post).await;
    assert!(posts.iter().all(|row| row.1.of_lifetime().is_some()));

    let published = world.published(&account).await;
    let today = world.clock.today(account.time_zone);
    let oldest = published.values().min().unwrap();
    assert!(
        (355..=366).contains(&(today - *oldest).num_days()),
        "{oldest}"
    );
    for post in world.posts(&account).await {
        let details = post.post.unwrap();
        let age = today
            - details
                .published_at
                .with_timezone(&account.time_zone)
                .date_naive();
        let young = age.num_days() <= 30;
        assert!(
            young || details.text.is_none(),
            "{} days old",
            age.num_days()
        );
        assert_eq!(post.name.is_some(), details.text.is_some());
    }
    let gaps = world.store.gaps(world.workspace, account.id).await.unwrap();
    assert_eq!(gaps, []);
}

#[tokio::test]
async fn weeks_of_snapshots_follow_the_truth_and_texts_follow_the_platform() {
    let world = in_tokyo(4, settings(40, 60)).await;
    // It posts so much that some of it is taken down again.
    let account = world.link_as(X, "lumen_help").await.remove(0);
    let mut texts_gone = 0;
    for day in 0..18 {
        // The machine is off for two days.
        if ![8, 9].contains(&day) {
            world.until_complete(&account).await;
            let today = world.clock.today(account.time_zone);
            let young = today - Duration::days(29);
            let listed = world.truth_of_posts(&account, today - Duration::days(1));
            for post in world.posts(&account).await {
                let details = post.post.as_ref().unwrap();
                let born = details
                    .published_at
                    .with_timezone(&account.time_zone)
                    .date_naive();
                if born < young || born >= today {
                    continue;
                }
                let has_text = details.text.is_some();
                assert!(
                    !has_text || listed.contains(&post.external_id),
                    "{} of {born} is gone, and its text is not",
                    post.external_id
                );
                texts_gone += usize::from(!listed.contains(&post.external_id));
            }
        }
        world.clock.set(world.clock.now() + Duration::days(1));
    }
    assert!(texts_gone > 0, "no post was ever deleted");
    let (amounts, falling) = world.posts_equal_truth(&account).await;
    assert!(amounts > 200, "{amounts}");
    assert!(falling > 0, "counters fall now and then");
    world.x_account_equals_truth(&account).await;
    let days = world.snapshot_days(&account).await;
    assert_eq!(days.len(), 16);
}

impl World {
    /// Posts that have a true total at the end of a day.
    fn truth_of_posts(&self, account: &Account, date: NaiveDate) -> Vec<String> {
        let day = analytics_core::model::DateRange::day(date);
        let rows = self.truth(account, Level::Post, day, self.clock.now());
        rows.into_iter().map(|row| row.0).collect()
    }
}

#[rstest]
#[case::a_rate_limit(Fault::RateLimited, None, 2)]
#[case::a_rate_limit_of_the_old_kind(Fault::RateLimited, Some("v1"), 2)]
#[case::a_rate_limit_without_an_end(Fault::RateLimited, Some("no-reset"), 2)]
#[case::a_server_error(Fault::ServerError, None, 2)]
#[case::a_page_instead_of_an_answer(Fault::MalformedJson, None, 2)]
#[case::answers_that_break_off(Fault::TruncatedBody, None, 2)]
#[case::broken_connections(Fault::ConnectionReset, None, 2)]
#[case::the_new_names(Fault::ChangedShape, Some("dialect"), 40)]
#[case::posts_without_figures(Fault::ChangedShape, Some("no-metrics"), 2)]
#[case::a_permission_that_comes_back(Fault::PermissionLost, None, 1)]
#[tokio::test]
async fn a_backfill_in_bad_weather_ends_as_the_truth(
    #[case] fault: Fault,
    #[case] flavour: Option<&str>,
    #[case] times: u32,
) {
    let world = in_tokyo(1, settings(60, 365)).await;
    let account = world.link_platform(X).await.remove(0);
    let faults = world.sim.faults();
    faults.inject_flavour(fault, X, times, 2, flavour);
    let outcomes = world.until_complete(&account).await;
    assert!(
        faults.pending().iter().all(|left| left.times < times),
        "the fault never happened"
    );
    faults.clear();
    assert_eq!(outcomes.last().unwrap().ended, Ended::Complete);
    world.x_account_equals_truth(&account).await;
    for _ in 0..2 {
        world.clock.set(world.clock.now() + Duration::days(1));
        world.until_complete(&account).await;
    }
    let (amounts, _) = world.posts_equal_truth(&account).await;
    assert!(amounts > 0);
}

#[rstest]
#[case::no_credits(Fault::Credits, Some("depleted"))]
#[case::no_credits_in_other_words(Fault::Credits, Some("payment-required"))]
#[case::a_spending_limit(Fault::Credits, Some("spend-cap"))]
#[case::a_quota(Fault::Credits, Some("usage-capped"))]
#[case::a_suspended_app(Fault::PermissionLost, Some("app"))]
#[case::a_missing_plan(Fault::PermissionLost, Some("plan"))]
#[tokio::test]
async fn what_only_the_operator_can_mend_pauses_the_platform_and_no_account(
    #[case] fault: Fault,
    #[case] flavour: Option<&str>,
) {
    let world = in_tokyo(1, settings(60, 365)).await;
    let account = world.link_platform(X).await.remove(0);
    world.sim.faults().inject_flavour(fault, X, 1, 0, flavour);
    let outcome = world.reconcile(&account).await;
    assert_eq!(outcome.ended, Ended::Waiting);
    assert_eq!(outcome.error.unwrap().code, "unavailable");
    let kept = world
        .store
        .account(world.workspace, account.id)
        .await
        .unwrap();
    assert_eq!(kept.state, AccountState::Active);
    assert!(
        world
            .engine
            .paused_platforms()
            .await
            .unwrap()
            .contains_key(&X.into())
    );
    world.engine.lift_pause(&X.into()).await.unwrap();
    world.until_complete(&account).await;
    world.x_account_equals_truth(&account).await;
}

#[tokio::test]
async fn parallel_renewals_make_one_call_even_from_several_processes() {
    let world = in_tokyo(1, settings(20, 30)).await;
    let linked = world.consent_at(X.to_owned()).await;
    world.clock.set(world.clock.now() + Duration::hours(3));
    let before = world.token_calls();
    let connector = world.registry.connector(&X.into()).unwrap();
    let sources: Vec<_> = (0..12)
        .map(|_| {
            let tokens = StoredTokens::new(
                Arc::clone(&world.store),
                Arc::clone(&connector),
                world.clock.clone(),
                &GrantLocks::default(),
                world.workspace,
                linked.grant.id,
            );
            tokens.source()
        })
        .collect();
    let all = futures_util::future::join_all(sources.iter().map(|source| source.token())).await;
    for token in all {
        token.unwrap();
    }
    assert_eq!(world.token_calls() - before, 1);
    assert_eq!(world.grant_state(&linked).await, GrantState::Active);
    // The chain goes on.
    world.clock.set(world.clock.now() + Duration::hours(3));
    sources[0].token().await.unwrap();
    assert_eq!(world.token_calls() - before, 2);
}

#[tokio::test]
async fn a_lost_renewal_asks_for_a_new_consent_and_is_no_loop() {
    let world = in_tokyo(1, settings(20, 30)).await;
    let account = world.link_platform(X).await.remove(0);
    world.until_complete(&account).await;
    world.clock.set(world.clock.now() + Duration::days(1));
    let before = world.token_calls();
    let faults = world.sim.faults();
    faults.inject_flavour(Fault::ServerError, X, 1, 0, Some("lost-token"));
    let outcome = world.reconcile(&account).await;
    assert_eq!(outcome.ended, Ended::NeedsRelink, "{outcome:#?}");
    assert!(world.token_calls() - before <= 2);
    let kept = world
        .store
        .account(world.workspace, account.id)
        .await
        .unwrap();
    assert_eq!(kept.state, AccountState::NeedsRelink);
    let due = world
        .store
        .due_accounts(world.clock.now() + Duration::days(9), 9);
    assert_eq!(due.await.unwrap(), [], "nobody tries it for ever");
    world.link_platform(X).await;
    world.until_complete(&account).await;
    world.x_account_equals_truth(&account).await;
}

#[tokio::test]
async fn a_token_endpoint_that_fails_before_anything_happened_is_asked_again() {
    let world = in_tokyo(1, settings(20, 30)).await;
    let account = world.link_platform(X).await.remove(0);
    world.until_complete(&account).await;
    world.clock.set(world.clock.now() + Duration::days(1));
    let faults = world.sim.faults();
    faults.inject_flavour(Fault::ServerError, X, 1, 0, Some("token"));
    let outcome = world.reconcile(&account).await;
    assert_eq!(outcome.ended, Ended::Complete, "{outcome:#?}");
    assert_eq!(faults.pending(), []);
}

#[tokio::test]
async fn a_second_workspace_is_refused_and_the_first_lives_on() {
    let world = in_tokyo(1, settings(20, 30)).await;
    let account = world.link_platform(X).await.remove(0);
    world.until_complete(&account).await;
    let other = world
        .store
        .create_workspace("Other", &WorkspaceSettings::default())
        .await
        .unwrap();
    let consent = world.click_through(X).await;
    let refused = world.engine.link(other.id, X, consent).await.unwrap_err();
    assert!(matches!(&refused, Error::Conflict { .. }), "{refused:?}");
    assert!(
        refused.to_string().contains("another workspace"),
        "{refused}"
    );
    assert_eq!(world.store.accounts(other.id).await.unwrap(), []);

    // The platform ended the first consent with the second.
    world.clock.set(world.clock.now() + Duration::days(1));
    let outcome = world.reconcile(&account).await;
    assert_eq!(outcome.ended, Ended::Complete, "{outcome:#?}");

    // Unlinked there, it can be linked here.
    let archived = AccountState::Archived;
    let (home, id) = (world.workspace, account.id);
    world
        .store
        .set_account_state(home, id, archived)
        .await
        .unwrap();
    let consent = world.click_through(X).await;
    let linked = world.engine.link(other.id, X, consent).await.unwrap();
    assert_eq!(linked.reached.accounts.len(), 1);
}

#[tokio::test]
async fn reading_costs_what_the_platform_bills() {
    let world = in_tokyo(1, settings(60, 365)).await;
    let account = world.link_platform(X).await.remove(0);
    for _ in 0..9 {
        world.until_complete(&account).await;
        world.clock.set(world.clock.now() + Duration::days(1));
    }
    let billed = world.sim.billed(&account.external_id);
    let first = world.clock.now().date_naive() - Duration::days(60);
    let last = world.clock.now().date_naive();
    let charges = world
        .store
        .charges(world.workspace, first, last)
        .await
        .unwrap();
    let count = |kind: &str| -> u64 {
        let of_kind = charges.iter().filter(|(_, charge)| charge.kind == kind);
        of_kind.map(|(_, charge)| charge.count).sum()
    };
    assert_eq!((count("post"), count("user")), (billed.posts, billed.users));
    let amount: i64 = charges.iter().map(|(_, charge)| charge.amount.0).sum();
    assert_eq!(
        amount,
        i64::try_from(billed.posts * 5_000 + billed.users * 10_000).unwrap()
    );
    let costs = world.engine.costs(world.workspace).await.unwrap();
    assert_eq!(costs.len(), 1);
    let cost = &costs[0].accounts[0];
    assert!(cost.estimate > Millionths(1_000_000), "{cost:?}");
    assert!(cost.actual > Millionths(0), "{cost:?}");
}

#[tokio::test]
async fn the_cap_pauses_the_platform_until_the_month_ends() {
    let world = in_tokyo(1, settings(60, 365)).await;
    let account = world.link_platform(X).await.remove(0);
    let mut capped = config(&world.sim.env());
    capped.x.monthly_cap = Some(Millionths(500_000));
    let registry = Arc::new(Registry::new(&capped, world.clock.clone()).unwrap());
    let engine = SyncEngine::new(
        Arc::clone(&world.store),
        registry,
        world.clock.clone(),
        settings(60, 365),
    );
    let reconcile = async || engine.reconcile(world.workspace, account.id).await.unwrap();
    assert_eq!(
        reconcile().await.ended,
        Ended::Complete,
        "a year of posts costs more"
    );
    world.clock.set(world.clock.now() + Duration::days(1));
    let outcome = reconcile().await;
    assert_eq!(outcome.ended, Ended::Waiting);
    let words = outcome.error.unwrap().message;
    assert!(words.contains("ANALYTICS_X_MONTHLY_CAP_USD"), "{words}");
    let paused = engine.paused_platforms().await.unwrap();
    let until: DateTime<Utc> = "2026-12-01T00:00:00Z".parse().unwrap();
    assert!((paused[&X.into()].until - until).num_seconds().abs() < 2);
    let kept = world
        .store
        .account(world.workspace, account.id)
        .await
        .unwrap();
    assert_eq!(kept.state, AccountState::Active);
    world.clock.set(until + Duration::hours(3));
    assert_eq!(reconcile().await.ended, Ended::Complete);
}

#[tokio::test]
async fn a_consent_that_is_taken_back_keeps_the_data_and_a_new_one_catches_up() {
    let world = in_tokyo(1, settings(30, 60)).await;
    let account = world.link_platform(X).await.remove(0);
    world.until_complete(&account).await;
    world.clock.set(world.clock.now() + Duration::days(2));
    world.sim.faults().inject(Fault::RevokeToken, X, 1, 0);
    let outcome = world.reconcile(&account).await;
    assert_eq!(outcome.ended, Ended::NeedsRelink, "{outcome:#?}");
    world.x_account_equals_truth(&account).await;
    world.link_platform(X).await;
    assert_eq!(world.reconcile(&account).await.ended, Ended::Complete);
    world.x_account_equals_truth(&account).await;
}

#[tokio::test]
async fn texts_go_where_nothing_is_read_any_more() {
    let world = in_tokyo(1, settings(30, 60)).await;
    let account = world.link_platform(X).await.remove(0);
    world.until_complete(&account).await;
    let texts = async || {
        let posts = world.posts(&account).await.into_iter();
        posts.filter(|post| post.name.is_some()).count()
    };
    let forget = async || world.engine.forget_unread_texts().await.unwrap();
    assert!(texts().await > 5);
    assert_eq!(forget().await, 0);
    // The platform is paused, and days go by.
    world.clock.set(world.clock.now() + Duration::days(1));
    assert_eq!(forget().await, 0, "one reading may come late");
    world.clock.set(world.clock.now() + Duration::days(2));
    assert!(forget().await > 5);
    assert_eq!(texts().await, 0);
    world.until_complete(&account).await;
    assert!(texts().await > 5, "what is read again is told again");
}
