//! The whole road in one program: link an ad account by OAuth, collect its history, ask for a
//! report, and compare what it says with what the platform knows. It runs against the simulator;
//! with `Config::from_env(|name| std::env::var(name).ok())` it runs against the platform itself.

use std::sync::Arc;

use analytics_connectors::{
    Config, Registry,
    clock::SharedClock,
    oauth::{AuthorizationRequest, AuthorizationResponse, flow},
    simulator::{Simulator, SimulatorSettings, TruthQuery},
    sync::{SyncEngine, SyncSettings, choose},
};
use analytics_core::{
    Query,
    analysis::{CompareSpec, RangeSpec, ReportEngine},
    connect,
    model::{Level, Millionths, WorkspaceSettings},
    storage::Cipher,
};
use url::Url;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let simulator = Simulator::start(SimulatorSettings::default(), None).await?;
    let mut env: std::collections::HashMap<_, _> = simulator.env().into_iter().collect();
    env.insert(
        "ANALYTICS_FACEBOOK_ADS_REQUESTS_PER_SECOND".into(),
        "1000".into(),
    );
    env.insert("ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL".into(), "20ms".into());
    let clock: SharedClock = simulator.clock();
    let registry = Arc::new(Registry::new(
        &Config::from_env(|name| env.get(name).cloned())?,
        clock.clone(),
    )?);
    let store = connect("sqlite::memory:", Cipher::generate()?).await?;
    let workspace = store
        .create_workspace("Aoyama Tea", &WorkspaceSettings::default())
        .await?;

    // Link: send the user to the consent page, and come back with a code.
    // With `registry.connectors()` one consent reaches Pages and Instagram accounts too.
    let connectors: Vec<_> = registry
        .connector(&"facebook_ads".into())
        .into_iter()
        .collect();
    let redirect = Url::parse("http://127.0.0.1/callback")?;
    let request = flow::start(&connectors, &redirect, "a-signed-state").await?;
    let response = consent(request, redirect).await?;
    let consent = flow::finish(&connectors, &response).await?;
    let settings = SyncSettings {
        upper_history_days: 120,
        lower_history_days: 30,
        ..SyncSettings::default()
    };
    let sync = SyncEngine::new(store.clone(), registry.clone(), clock.clone(), settings);
    let linked = sync.link(workspace.id, "meta", consent).await?;
    let first = linked.reached.accounts.into_iter().take(1);
    let accounts = choose(&store, &linked.grant, first, clock.now()).await?;
    let account = accounts.first().ok_or("the consent reached no account")?;

    // Collect: whatever the account's coverage lacks, newest days first.
    let outcome = sync.reconcile(workspace.id, account.id).await?;
    println!(
        "{}: {} facts in {} slices, {:?}",
        account.name, outcome.facts, outcome.slices_saved, outcome.ended
    );

    // Report: read the store, group, compare.
    let engine = ReportEngine::new(store, Arc::new(registry.catalogue()), 64 << 20);
    let mut query = Query::new(
        &["spend", "clicks", "ctr"],
        RangeSpec::Preset("last_30_days".into()),
    );
    query.compare = Some(CompareSpec::Mode("previous_period".into()));
    let report = engine.report(&workspace, &query, clock.now()).await?;
    println!("{}", serde_json::to_string_pretty(&report.totals)?);

    let answer = serde_json::to_value(&report)?;
    let shown = &answer["totals"][0]["totals"]["spend"]["current"]["value"];
    let range = report.query.range.ok_or("no complete day")?;
    let ask = TruthQuery {
        level: Some(Level::Account),
        metric: Some("spend".into()),
        ..TruthQuery::new("facebook_ads", &account.external_id, range.start, range.end)
    };
    let truth = simulator.world().truth(&ask);
    let known = Millionths(truth.iter().map(|row| row.value.0).sum()).to_f64();
    assert_eq!(
        shown.as_f64(),
        Some(known),
        "the report says what the platform knows"
    );
    println!("spend of the last 30 days: {known}, as the platform knows it");
    Ok(())
}

/// Presses "Continue" on the consent page; what the platform sends back with the user.
async fn consent(
    request: AuthorizationRequest,
    redirect_uri: Url,
) -> Result<AuthorizationResponse, Box<dyn std::error::Error>> {
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
    AuthorizationResponse::from_parameters(parameter, redirect_uri, request.secret)
        .ok_or_else(|| "no code".into())
}
