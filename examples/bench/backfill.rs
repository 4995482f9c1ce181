//! How long linking takes to fill an account, beside what the platform's pace allows at best.
//!
//! Links the first account of a platform of a running simulator (`analytics simulator --latency
//! 30`, whose `/_env` is exported), collects its whole history with the settings an installation
//! begins with, and prints one tab-separated line: platform, posts or entities below the account, facts, calls, seconds, best
//! seconds, seconds in multiples of the best, peak memory of this process in MB.
//!
//! The best is what calls take that go as fast and as many at once as the platform's settings
//! allow, each as long as the latency, with nothing in between.

use std::{num::NonZeroU32, sync::Arc, time::Instant};

use analytics_connectors::{
    Config, Registry,
    clock::{SharedClock, SystemClock},
    oauth::{AuthorizationRequest, AuthorizationResponse, flow},
    sync::{SyncEngine, SyncSettings, choose},
};
use analytics_core::{
    connect,
    model::{Platform, WorkspaceSettings},
    storage::{Cipher, EntityFilter},
};
use url::Url;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: backfill SIMULATOR_URL LATENCY_MS PLATFORM";
    let simulator: Url = arguments.next().ok_or(usage)?.parse()?;
    let latency: f64 = arguments.next().ok_or(usage)?.parse::<f64>()? / 1000.0;
    let platform = Platform::from(arguments.next().ok_or(usage)?.as_str());

    let config = Config::from_env(|name| std::env::var(name).ok())?;
    let clock: SharedClock = Arc::new(SystemClock);
    let registry = Arc::new(Registry::new(&config, clock.clone())?);
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}", folder.path().join("backfill.db").display());
    let store = connect(&url, Cipher::generate()?).await?;
    let workspace = store
        .create_workspace("Backfill", &WorkspaceSettings::default())
        .await?;

    let connector = registry.connector(&platform).ok_or("no such platform")?;
    let provider = connector.descriptor().profile.provider.clone();
    let connectors = [connector];
    let redirect = Url::parse("http://127.0.0.1/callback")?;
    let request = flow::start(&connectors, &redirect, "a-signed-state").await?;
    let response = consent(request, redirect).await?;
    let consent = flow::finish(&connectors, &response).await?;
    let settings = SyncSettings::default();
    let sync = SyncEngine::new(store.clone(), registry.clone(), clock.clone(), settings);
    let linked = sync.link(workspace.id, &provider, consent).await?;
    let reached = linked.reached.accounts.into_iter();
    let first = reached.filter(|found| found.platform == platform).take(1);
    let accounts = choose(&store, &linked.grant, first, clock.now()).await?;
    let account = accounts.first().ok_or("the consent reached no account")?;

    let http = reqwest::Client::new();
    http.delete(simulator.join("_calls")?).send().await?;
    let started = Instant::now();
    let outcome = sync.reconcile(workspace.id, account.id).await?;
    let seconds = started.elapsed().as_secs_f64();
    let calls = http.get(simulator.join("_calls")?).send().await?;
    let calls: Vec<serde_json::Value> = serde_json::from_str(&calls.text().await?)?;
    let calls: u64 = calls.iter().filter_map(|call| call["count"].as_u64()).sum();

    let (per_second, at_once) = pace(&config, &platform).ok_or("the platform states no pace")?;
    let calls_f = f64::from(u32::try_from(calls)?);
    let best = (calls_f / f64::from(per_second.get())).max(calls_f * latency / f64::from(at_once));
    let (_, entities) = store
        .entities(workspace.id, &EntityFilter::default())
        .await?;
    println!(
        "backfill\t{platform}\t{:?}\t{} entities\t{} facts\t{calls} calls\t{seconds:.1} s\t{best:.1} s at best\t{:.2}\t{:.0} MB",
        outcome.ended,
        entities,
        outcome.facts,
        seconds / best,
        peak_memory()?
    );
    Ok(())
}

/// Calls a second and at once.
fn pace(config: &Config, platform: &Platform) -> Option<(NonZeroU32, u32)> {
    let of = |graph: &analytics_connectors::platforms::meta::GraphConfig| {
        (graph.requests_per_second, graph.concurrency)
    };
    let of_yahoo = |api: &analytics_connectors::platforms::yahoo::ApiConfig| {
        (api.requests_per_second, api.concurrency)
    };
    match platform.as_str() {
        "facebook_page" => Some(of(&config.facebook_page.graph)),
        "facebook_ads" => Some(of(&config.facebook_ads.graph)),
        "instagram" => Some(of(&config.instagram.graph)),
        "google_ads" => Some((
            config.google_ads.requests_per_second,
            config.google_ads.concurrency,
        )),
        // Its pages come one after the other, two walks at a time.
        "x" => Some((config.x.requests_per_second, 2)),
        "x_ads" => Some((config.x_ads.requests_per_second, config.x_ads.concurrency)),
        "yahoo_search_ads" => Some(of_yahoo(&config.yahoo_search_ads.api)),
        "yahoo_display_ads" => Some(of_yahoo(&config.yahoo_display_ads.api)),
        _ => None,
    }
}

/// Peak resident memory of this process in MB.
fn peak_memory() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    Ok(kilobytes.ok_or("no VmHWM")?.parse::<f64>()? / 1024.0)
}

/// Presses "Continue" on the consent page; what the platform sends back with the user.
async fn consent(
    request: AuthorizationRequest,
    redirect_uri: Url,
) -> Result<AuthorizationResponse, Failure> {
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let form = [("decision", "allow")];
    let answer = browser.post(request.url).form(&form).send().await?;
    let back = answer.headers().get("location").ok_or("no redirect")?;
    let back = Url::parse(back.to_str()?)?;
    let parameter = |wanted: &str| {
        let mut pairs = back.query_pairs();
        pairs.find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
    };
    let response = AuthorizationResponse::from_parameters(parameter, redirect_uri, request.secret);
    Ok(response.ok_or("no code")?)
}
