//! What every store must do, written once as functions over `&dyn Store`.
//!
//! [`store_suite!`](crate::store_suite) makes a test of each, so that another database, or an
//! embedder's own, runs the same ones. Every function wants a fresh store with its schema in
//! place, and panics with what was expected.

#![allow(
    clippy::unwrap_used,
    reason = "a conformance check that cannot go on has failed"
)]

pub mod accounts;
pub mod charges;
pub mod coverage;
pub mod entities;
mod fixture;
pub mod fleet;
pub mod gaps;
pub mod grants;
pub mod isolation;
pub mod refetches;
pub mod requests;
pub mod sessions;
pub mod slices;
pub mod snapshots;
pub mod subjects;
pub mod sums;
pub mod sync;
pub mod windows;
pub mod workspaces;

/// One `#[tokio::test]` for every function of the suite.
///
/// The expression is evaluated (and may await) inside each test. It gives a pair: what
/// dereferences to a `dyn Store`, and whatever must live as long, such as a temporary folder.
///
/// ```text
/// analytics_core::store_suite!({
///     let folder = tempfile::tempdir().unwrap();
///     let url = format!("sqlite://{}/store.db", folder.path().display());
///     (connect(&url, Cipher::generate().unwrap()).await.unwrap(), folder)
/// });
/// ```
#[macro_export]
macro_rules! store_suite {
    ($fresh:expr) => {
        $crate::store_suite! { $fresh;
            workspaces::a_workspace_keeps_its_name_and_settings
            workspaces::users_are_found_without_case_and_addresses_are_unique
            workspaces::a_database_is_set_up_once
            workspaces::whoever_sets_up_is_an_operator_and_others_only_when_made_one
            workspaces::a_member_has_one_role_that_can_change
            workspaces::removing_a_user_ends_memberships_and_sessions
            sessions::a_session_can_be_replaced_and_ends_at_its_time
            sessions::a_new_password_ends_the_users_sessions
            sessions::a_mark_is_used_once
            sessions::a_kept_secret_is_taken_once
            grants::a_grant_keeps_its_secrets
            grants::consenting_again_renews_the_same_grant
            grants::one_of_two_renewals_wins
            grants::active_and_newest_grants_come_first
            grants::one_renews_at_a_time_until_its_turn_ends
            accounts::an_account_keeps_what_was_found
            accounts::a_name_is_learnt_once_and_the_users_own_stays
            accounts::linking_again_keeps_id_name_and_data
            accounts::a_zone_that_the_workspace_lent_stays
            accounts::an_archived_account_is_not_due
            accounts::cost_terms_are_kept_and_change_no_fact
            accounts::purging_removes_the_account_and_grants_that_reach_nothing
            entities::the_account_is_its_own_entity
            entities::unknown_attributes_never_overwrite_known_ones
            entities::unknown_parents_get_a_placeholder_until_they_are_described
            entities::entities_are_filtered_ordered_and_paged
            entities::entities_are_found_by_outside_id
            slices::a_slice_reads_back_as_sorted_series
            slices::values_are_exact_to_the_limits
            slices::bad_slices_are_refused_whole
            slices::an_empty_slice_covers_its_days
            slices::facts_of_unknown_entities_create_them
            slices::thousands_of_facts_read_back_exactly
            slices::a_save_dropped_half_way_leaves_nothing
            slices::the_span_and_metrics_of_an_account_are_told
            refetches::an_unchanged_refetch_writes_no_revision
            refetches::changes_leave_the_former_state_behind
            refetches::rows_gone_upstream_vanish_and_others_stay
            refetches::every_save_raises_the_data_version
            refetches::any_refetch_leaves_exactly_what_was_fetched
            coverage::every_day_keeps_its_first_and_last_fetch
            coverage::levels_and_feeds_are_covered_apart
            coverage::failed_days_are_told_until_a_fetch_succeeds
            windows::windows_are_exact_ranges_that_can_change
            windows::windows_may_come_with_their_days
            snapshots::snapshots_become_daily_amounts
            snapshots::posts_keep_what_they_are
            snapshots::a_post_that_a_reading_does_not_name_keeps_its_amount
            snapshots::what_soon_is_gone_is_read_while_its_day_runs
            snapshots::impossible_snapshots_are_refused
            sums::amounts_of_posts_add_up_to_the_accounts_own
            sums::posts_of_before_the_window_are_not_added_up
            sums::reading_a_day_again_adds_up_again
            sums::what_is_not_told_of_posts_is_not_added_up
            sums::texts_that_are_not_told_any_more_are_erased
            sums::texts_of_posts_that_nobody_reads_are_erased
            charges::charges_add_up_by_account_day_and_kind
            charges::a_platforms_charges_are_those_of_every_workspace
            gaps::gaps_come_and_go_with_what_is_delivered
            gaps::gaps_of_other_metrics_are_refused
            requests::a_request_waits_until_it_is_answered
            requests::a_request_makes_due_without_asking_for_a_refresh
            subjects::a_revoked_user_closes_only_what_nobody_else_opens
            subjects::a_deleted_user_leaves_a_receipt_and_the_figures
            subjects::a_late_notice_spares_a_newer_consent
            subjects::a_users_grant_elsewhere_is_found_while_it_opens_accounts
            sync::one_worker_holds_a_lease_until_it_gives_it_back
            sync::an_expired_lease_is_taken_over_and_its_late_holder_refused
            sync::due_accounts_come_most_urgent_first
            sync::a_request_makes_due_and_clears_back_off
            sync::a_new_consent_takes_the_old_error_away
            sync::outcomes_are_kept
            fleet::a_due_account_is_claimed_once
            fleet::claims_come_most_urgent_first
            fleet::an_account_with_values_to_fetch_is_claimed
            fleet::processes_are_known_while_they_report
            fleet::a_pause_ends_by_itself_or_by_hand
            fleet::a_shared_limit_is_kept_by_everybody_together
            fleet::a_parked_scope_rests_for_the_longest_time
            fleet::operators_see_how_accounts_fare
            fleet::a_changed_account_shows_from_outside
            isolation::ids_of_another_workspace_are_not_found
            isolation::the_same_account_in_two_workspaces_is_two_accounts
        }
    };
    ($fresh:expr; $($module:ident :: $name:ident)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                let (store, _guard) = $fresh;
                $crate::storage::suite::$module::$name(&*store).await;
            }
        )+
    };
}
