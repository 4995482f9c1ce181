//! Yahoo! JAPAN Ads, asked as its two APIs are asked.

mod accounts;
mod faults;
mod files;
mod login;
mod refusals;
mod reports;

use analytics_connectors::simulator::{KnownAccount, SimulatorSettings};
use serde_json::{Value, json};

use super::{Answer, Caller, answer};

const REPORTS: &str = "ReportDefinitionService";

/// A caller of one product's API.
struct Product {
    caller: Caller,
    /// The platform's id.
    platform: &'static str,
    accounts: Vec<KnownAccount>,
}

impl Product {
    async fn search() -> Self {
        Self::start("yahoo_search_ads").await
    }

    async fn display() -> Self {
        Self::start("yahoo_display_ads").await
    }

    async fn start(platform: &'static str) -> Self {
        let settings = SimulatorSettings {
            accounts: 6,
            ..SimulatorSettings::default()
        };
        let caller = Caller::with(settings).await;
        let accounts = caller.simulator.accounts().into_iter();
        let accounts = accounts.filter(|known| known.platform == platform);
        Self {
            accounts: accounts.collect(),
            caller,
            platform,
        }
    }

    /// The id of the `n`th account.
    fn id(&self, n: usize) -> u64 {
        self.accounts[n].account.parse().unwrap()
    }

    fn manager(&self) -> String {
        self.accounts[0].via.clone().unwrap()
    }

    fn request(&self, service: &str, method: &str, body: &Value) -> reqwest::RequestBuilder {
        let name = self.platform.to_uppercase();
        let base = self.caller.env(&format!("ANALYTICS_{name}_BASE_URL"));
        let version = self.caller.env(&format!("ANALYTICS_{name}_API_VERSION"));
        let url = format!("{base}/{version}/{service}/{method}");
        self.caller.http.post(url).json(body)
    }

    /// A call with a token, and through a base account if there is one.
    async fn through(
        &self,
        base: Option<&str>,
        service: &str,
        method: &str,
        body: &Value,
    ) -> Answer {
        let mut request = self.request(service, method, body);
        request = request.bearer_auth(&self.accounts[0].token);
        if let Some(base) = base {
            request = request.header("x-z-base-account-id", base);
        }
        answer(request).await
    }

    /// A call through the manager.
    async fn call(&self, service: &str, method: &str, body: Value) -> Answer {
        self.through(Some(&self.manager()), service, method, &body)
            .await
    }

    /// A report of the first account's campaigns by day, with what is asked for on top.
    fn operand(&self, more: &Value) -> Value {
        let mut operand = json!({
            "reportName": "campaigns",
            "fields": ["DAY", "CAMPAIGN_ID", "CAMPAIGN_NAME", "IMPS", "CLICKS", "COST", "CONVERSIONS"],
            "reportDateRangeType": "CUSTOM_DATE",
            "dateRange": { "startDate": "20261101", "endDate": "20261107" },
            "reportDownloadFormat": "CSV",
            "reportDownloadEncode": "UTF8",
            "reportCompressType": "NONE",
            "reportLanguage": "EN",
            "reportIncludeDeleted": "TRUE",
            "reportSkipColumnHeader": "FALSE",
            "reportSkipReportSummary": "TRUE",
            "reportDecimalPartDisplayType": "FULL_DISPLAY",
        });
        if self.platform == "yahoo_search_ads" {
            operand["reportType"] = json!("CAMPAIGN");
        }
        for (key, value) in more.as_object().unwrap() {
            operand[key] = value.clone();
        }
        operand
    }

    async fn add(&self, operands: &[Value]) -> Answer {
        let body = json!({ "accountId": self.id(0), "operand": operands });
        self.call(REPORTS, "add", body).await
    }

    /// Orders a report that is good.
    async fn order(&self, more: Value) -> u64 {
        let added = self.add(&[self.operand(&more)]).await;
        let part = &added.body["rval"]["values"][0];
        assert_eq!(part["operationSucceeded"], true, "{added:?}");
        part["reportDefinition"]["reportJobId"].as_u64().unwrap()
    }

    /// What a poll tells of a job.
    async fn poll(&self, job: u64) -> Value {
        let body = json!({ "accountId": self.id(0), "reportJobIds": [job] });
        let got = self.call(REPORTS, "get", body).await;
        got.body["rval"]["values"][0]["reportDefinition"].clone()
    }

    /// The states of a job, up to its last.
    async fn states(&self, job: u64) -> Vec<String> {
        let mut states = Vec::new();
        loop {
            let known = self.poll(job).await;
            let state = known["reportJobStatus"].as_str().unwrap().to_owned();
            states.push(state.clone());
            if !["WAIT", "IN_PROGRESS"].contains(&state.as_str()) {
                return states;
            }
        }
    }

    fn download(&self, job: u64) -> reqwest::RequestBuilder {
        let body = json!({ "accountId": self.id(0), "reportJobId": job });
        self.request(REPORTS, "download", &body)
            .bearer_auth(&self.accounts[0].token)
            .header("x-z-base-account-id", self.manager())
    }

    /// The file of a report that was ordered just now.
    async fn file(&self, more: Value) -> Vec<u8> {
        let job = self.order(more).await;
        assert_eq!(self.states(job).await.last().unwrap(), "COMPLETED");
        let response = self.download(job).send().await.unwrap();
        assert_eq!(
            response.headers()["content-type"],
            "application/octet-stream"
        );
        response.bytes().await.unwrap().to_vec()
    }

    /// Its lines, cell by cell.
    async fn lines(&self, more: Value) -> Vec<Vec<String>> {
        cells(&String::from_utf8(self.file(more).await).unwrap(), ',')
    }
}

/// The code of an error of a whole call.
fn code(answer: &Answer) -> (u16, &str) {
    let code = answer.body["errors"][0]["code"].as_str();
    assert!(answer.body.get("rval").is_none() && answer.body["rid"].is_string());
    (answer.status, code.unwrap_or_default())
}

/// The code of an error of a part, or nothing.
fn part_code(answer: &Answer, part: usize) -> &str {
    assert_eq!((answer.status, &answer.body["errors"]), (200, &Value::Null));
    let part = &answer.body["rval"]["values"][part];
    let code = part["errors"][0]["code"].as_str().unwrap_or_default();
    assert_eq!(part["operationSucceeded"], code.is_empty());
    code
}

/// Lines of a file with quotes.
fn cells(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut lines = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let line = lines.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                line.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            '\r' if !quoted => assert_eq!(letters.peek(), Some(&'\n')),
            '\n' if !quoted => lines.push(vec![String::new()]),
            other if other == separator && !quoted => line.push(String::new()),
            other => line.last_mut().unwrap().push(other),
        }
    }
    assert_eq!(lines.pop().unwrap(), [""], "the last line ends too");
    lines
}
