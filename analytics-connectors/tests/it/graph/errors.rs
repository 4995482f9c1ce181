//! What errors mean wherever the Graph API is asked, whatever about.

/// Tests of the error table's common rows. `$error_of` answers every question with a response and
/// gives the error, and how often it was asked; `$error_of_the_user` does so with what is asked
/// with the user's own token; `$says` begins every message of the former.
macro_rules! common_errors {
    ($error_of:path, $error_of_the_user:path, $says:literal) => {
        mod common {
            use analytics_connectors::{Error, ErrorKind, Retry};
            use rstest::rstest;
            use serde_json::json;
            use wiremock::ResponseTemplate;

            use crate::graph::{ATTEMPTS, assert_says, failure, now};

            fn assert_names(error: &Error, code: i64) {
                assert_says(error, &[$says, &format!("code {code}")]);
            }

            #[rstest]
            #[case::any(190, None)]
            #[case::app_removed(190, Some(458))]
            #[case::checkpoint(190, Some(459))]
            #[case::password_changed(190, Some(460))]
            #[case::expired(190, Some(463))]
            #[case::unconfirmed(190, Some(464))]
            #[case::invalid(190, Some(467))]
            #[case::session(102, None)]
            #[tokio::test]
            async fn a_dead_grant_asks_to_link_again(
                #[case] code: i64,
                #[case] subcode: Option<i64>,
            ) {
                let dead = failure(400, code, subcode, "Error validating access token");
                let (error, calls) = $error_of_the_user(dead).await;
                assert_eq!((&error.kind, calls), (&ErrorKind::AuthExpired, 1));
                assert_says(&error, &["link again", &format!("code {code}")]);
            }

            #[rstest]
            #[case::code_3(3, None)]
            #[case::code_10(10, None)]
            #[case::first_of_the_200s(200, None)]
            #[case::within_the_200s(273, None)]
            #[case::code_283(283, None)]
            #[case::last_of_the_200s(299, None)]
            #[case::not_there_or_not_seen(100, Some(33))]
            #[tokio::test]
            async fn a_missing_permission_concerns_this_account_only(
                #[case] code: i64,
                #[case] subcode: Option<i64>,
            ) {
                let denied = failure(403, code, subcode, "Permissions error");
                let (error, calls) = $error_of(denied).await;
                assert_eq!((&error.kind, calls), (&ErrorKind::PermissionDenied, 1));
                assert_names(&error, code);
            }

            #[rstest]
            #[case::app(4)]
            #[case::user(17)]
            #[case::page(32)]
            #[case::feature(341)]
            #[case::calls(613)]
            #[case::first_of_the_budgets(80_000)]
            #[case::pages(80_001)]
            #[case::instagram(80_002)]
            #[case::last_of_the_budgets(80_014)]
            #[tokio::test]
            async fn a_rate_limit_is_not_hammered_and_leaves_the_wait_to_the_caller(
                #[case] code: i64,
            ) {
                let limited = failure(400, code, None, "There have been too many calls");
                let (error, calls) = $error_of(limited).await;
                assert_eq!(error.kind, ErrorKind::RateLimited { until: None });
                assert_eq!((error.retry, calls), (Retry::Never, 1));
                assert_names(&error, code);
            }

            #[tokio::test]
            async fn a_policy_block_rests_a_day() {
                let (error, calls) = $error_of(failure(400, 368, None, "Blocked")).await;
                let until = Some(now() + chrono::Duration::days(1));
                assert_eq!(error.kind, ErrorKind::RateLimited { until });
                assert_eq!(calls, 1);
            }

            #[rstest]
            #[case::code_2(500, 2)]
            #[case::code_2_with_a_status_of_400(400, 2)]
            #[case::batch_timeout(400, 960)]
            #[case::unknown_on_their_side(503, 987_654)]
            #[tokio::test]
            async fn what_passes_by_itself_is_tried_again_so_many_times(
                #[case] status: u16,
                #[case] code: i64,
            ) {
                let passing = failure(status, code, None, "An unexpected error has occurred");
                let (error, calls) = $error_of(passing).await;
                assert_eq!((&error.kind, calls), (&ErrorKind::Transient, ATTEMPTS));
                assert_names(&error, code);
            }

            #[tokio::test]
            async fn the_transient_flag_makes_an_unknown_code_worth_another_try() {
                for code in [55_555, 100] {
                    let body = json!({ "error": { "message": "try again", "type": "Unknown",
                        "code": code, "is_transient": true } });
                    let response = ResponseTemplate::new(400).set_body_json(body);
                    let (error, calls) = $error_of(response).await;
                    assert_eq!((error.kind, calls), (ErrorKind::Transient, ATTEMPTS));
                }
            }

            #[rstest]
            #[case::permission(10, ErrorKind::PermissionDenied)]
            #[case::budget(80_000, ErrorKind::RateLimited { until: None })]
            #[case::parameter(100, ErrorKind::InvalidRequest)]
            #[tokio::test]
            async fn an_error_in_a_good_status_is_an_error(
                #[case] code: i64,
                #[case] kind: ErrorKind,
            ) {
                let (error, _) = $error_of(failure(200, code, None, "Something is wrong")).await;
                assert_eq!(error.kind, kind);
                assert_names(&error, code);
            }

            #[rstest]
            #[case::good_status(200, ErrorKind::Decode, 1)]
            #[case::moved(302, ErrorKind::InvalidRequest, 1)]
            #[case::refused(403, ErrorKind::PermissionDenied, 1)]
            #[case::not_found(404, ErrorKind::InvalidRequest, 1)]
            #[case::too_many(429, ErrorKind::RateLimited { until: None }, 1)]
            #[case::server(500, ErrorKind::Transient, ATTEMPTS)]
            #[case::gateway(502, ErrorKind::Transient, ATTEMPTS)]
            #[tokio::test]
            async fn a_web_page_instead_of_json_is_read_by_its_status(
                #[case] status: u16,
                #[case] kind: ErrorKind,
                #[case] expected: usize,
            ) {
                let body = "<html><body>Sorry, something went wrong.</body></html>";
                let page = ResponseTemplate::new(status).set_body_string(body);
                let (error, calls) = $error_of(page).await;
                assert_eq!((error.kind.clone(), calls), (kind, expected));
                assert_says(&error, &[$says]);
            }

            #[rstest]
            #[case::breaks_off(r#"{"data":[{"name":"vie"#, "ends in the middle")]
            #[case::empty("", "ends in the middle")]
            #[case::a_list("[1]", "is not what was expected")]
            #[case::without_data(r#"{"paging":{}}"#, "`data`")]
            #[tokio::test]
            async fn json_that_is_not_the_answer_is_a_decode_error(
                #[case] body: &str,
                #[case] named: &str,
            ) {
                let response =
                    ResponseTemplate::new(200).set_body_raw(body.to_owned(), "application/json");
                let (error, calls) = $error_of(response).await;
                assert_eq!((&error.kind, calls), (&ErrorKind::Decode, 1));
                assert_says(&error, &[$says, named]);
            }
        }
    };
}

pub(crate) use common_errors;
