//! X, asked as its API is asked.

mod billing;
mod deletions;
mod faults;
mod fields;
mod limits;
mod login;
mod posts;
mod refusals;
mod timeline;
mod truth;

use analytics_connectors::simulator::{KnownAccount, SimulatorSettings};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use serde_json::Value;

use super::{Answer, Caller, answer};

/// Everything a connector wants of a post, without what only its author may read.
const PUBLIC: &str = "created_at,public_metrics,in_reply_to_user_id,referenced_tweets,attachments";
const PRIVATE: &str = "created_at,public_metrics,non_public_metrics,organic_metrics";

/// A caller of the API.
struct X {
    caller: Caller,
    users: Vec<KnownAccount>,
}

impl X {
    /// With so many users.
    async fn with(accounts: usize) -> Self {
        let settings = SimulatorSettings {
            accounts,
            ..SimulatorSettings::default()
        };
        let caller = Caller::with(settings).await;
        let users = caller.simulator.accounts().into_iter();
        let users = users.filter(|known| known.platform == "x").collect();
        Self { caller, users }
    }

    async fn start() -> Self {
        Self::with(3).await
    }

    /// The id of the `n`th user.
    fn id(&self, n: usize) -> &str {
        &self.users[n].account
    }

    fn now(&self) -> DateTime<Utc> {
        self.caller.simulator.world().now()
    }

    fn set(&self, now: DateTime<Utc>) {
        self.caller.simulator.clock().set(now);
    }

    async fn get_as(&self, token: &str, path: &str, params: &[(&str, &str)]) -> Answer {
        let base = self.caller.env("ANALYTICS_X_BASE_URL");
        let request = self.caller.http.get(format!("{base}/2/{path}"));
        answer(request.query(params).bearer_auth(token)).await
    }

    /// A call of the first user.
    async fn get(&self, path: &str, params: &[(&str, &str)]) -> Answer {
        self.get_as(&self.users[0].token, path, params).await
    }

    /// A page of the `n`th user's own timeline.
    async fn page(&self, n: usize, params: &[(&str, &str)]) -> Answer {
        let path = format!("users/{}/tweets", self.id(n));
        self.get_as(&self.users[n].token, &path, params).await
    }

    /// Every post of the `n`th user that can be reached, newest first.
    async fn all(&self, n: usize, params: &[(&str, &str)]) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut cursor = String::new();
        loop {
            let mut params = params.to_vec();
            params.push(("max_results", "100"));
            if !cursor.is_empty() {
                params.push(("pagination_token", &cursor));
            }
            let page = self.page(n, &params).await;
            assert_eq!(page.status, 200, "{page:?}");
            rows.extend_from_slice(page.rows());
            match &page.body["meta"]["next_token"] {
                Value::String(next) => next.clone_into(&mut cursor),
                _ => return rows,
            }
        }
    }
}

/// The first moment of a day in Tokyo.
fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc() - Duration::hours(9)
}

/// The day in Tokyo of a moment.
fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    (moment + Duration::hours(9)).date_naive()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn seconds(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn word(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap().to_owned()
}

fn created(row: &Value) -> DateTime<Utc> {
    word(row, "created_at").parse().unwrap()
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| word(row, "id")).collect()
}

/// The last part of a problem's type.
fn tail(problem: &Value) -> &str {
    problem["type"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
}

fn is_repost(row: &Value) -> bool {
    row["referenced_tweets"][0]["type"] == "retweeted"
}

/// When a post with this id was first published, to the second.
fn published(id: &str) -> DateTime<Utc> {
    let milliseconds = (id.parse::<i64>().unwrap() >> 22) + 1_288_834_974_657;
    DateTime::from_timestamp(milliseconds / 1_000, 0).unwrap()
}

/// The first id of a post.
fn first_id(row: &Value) -> String {
    row["edit_history_tweet_ids"][0]
        .as_str()
        .unwrap()
        .to_owned()
}
