//! What a person does in a browser, over HTTP: signs in, consents, chooses accounts. The
//! demonstration's accounts are linked by exactly this road.

use chrono::{Months, NaiveDate};
use reqwest::{Method, Response, header};
use serde_json::{Value, json};
use url::Url;

use super::CommandError;

/// A browser with one cookie.
#[derive(Debug)]
pub(super) struct Browser {
    client: reqwest::Client,
    origin: Url,
    password: String,
    cookie: Option<String>,
}

impl Browser {
    /// A browser on the app at `origin`.
    pub(super) fn new(origin: Url, password: String) -> Result<Self, CommandError> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(failed)?;
        Ok(Self {
            client,
            origin,
            password,
            cookie: None,
        })
    }

    pub(super) async fn sign_in(&mut self, email: &str) -> Result<(), CommandError> {
        let body = json!({"email": email, "password": self.password});
        let response = self
            .send(Method::POST, "/api/v1/session", Some(body))
            .await?;
        self.cookie = response
            .headers()
            .get(header::SET_COOKIE)
            .and_then(|cookie| cookie.to_str().ok())
            .and_then(|cookie| cookie.split(';').next())
            .map(str::to_owned);
        Ok(())
    }

    /// Links the first `count` accounts of every platform that can be linked; their names. Where each
    /// user has one account, `users` of the provider sign in one after the other.
    pub(super) async fn link(
        &self,
        count: usize,
        users: impl Fn(&str) -> Vec<String>,
    ) -> Result<Vec<String>, CommandError> {
        let platforms = self.get("/api/v1/platforms").await?;
        let mut by_provider: Vec<(String, Vec<String>)> = Vec::new();
        for platform in items(&platforms, "platforms") {
            let (provider, id) = (text(platform, "provider"), text(platform, "id"));
            match by_provider.iter_mut().find(|(known, _)| *known == provider) {
                Some((_, ids)) => ids.push(id),
                None => by_provider.push((provider, vec![id])),
            }
        }
        let mut names = Vec::new();
        for (provider, platforms) in by_provider {
            let users = users(&provider);
            if users.is_empty() {
                let grant = self.consent(&provider, &platforms, None).await?;
                names.extend(self.choose(&grant, &platforms, count).await?);
            }
            for user in users.iter().take(count) {
                let grant = self.consent(&provider, &platforms, Some(user)).await?;
                names.extend(self.choose(&grant, &platforms, 1).await?);
            }
        }
        Ok(names)
    }

    /// Bills ads in yen as a Japanese agency does: a fee on top, raised on `raised_on`, and
    /// consumption tax.
    pub(super) async fn agree_on_fees(&self, raised_on: NaiveDate) -> Result<(), CommandError> {
        let accounts = self.get("/api/v1/accounts").await?;
        let term = |from: NaiveDate, rate: &str| {
            let fee = json!({"kind": "on_top", "rate": rate});
            json!({"from": from, "fee": fee, "tax": "0.1"})
        };
        let before = raised_on - Months::new(24);
        let body = json!({"terms": [term(before, "0.15"), term(raised_on, "0.2")]});
        for account in items(&accounts, "accounts") {
            if text(account, "currency") == "JPY" {
                let path = format!("/api/v1/accounts/{}/cost-terms", text(account, "id"));
                self.send(Method::PUT, &path, Some(body.clone())).await?;
            }
        }
        Ok(())
    }

    /// Goes through the provider's consent page; the grant.
    async fn consent(
        &self,
        provider: &str,
        platforms: &[String],
        user: Option<&str>,
    ) -> Result<String, CommandError> {
        let path = format!("/api/v1/connect/{provider}");
        let started = self
            .send(Method::POST, &path, Some(json!({"platforms": platforms})))
            .await?;
        let started: Value = started.json().await.map_err(failed)?;
        let page = text(&started, "authorize_url");
        // The page shows a form that posts to its own address.
        let user = user.map(|user| ("user", user));
        let form: Vec<(&str, &str)> = [("decision", "allow")].into_iter().chain(user).collect();
        let decided = self
            .client
            .post(&page)
            .form(&form)
            .send()
            .await
            .map_err(failed)?;
        let callback = location(&decided)?;
        let callback = Url::parse(&callback)
            .map_err(|_| CommandError::failed("the consent page redirects to no URL"))?;
        let path = format!(
            "{}?{}",
            callback.path(),
            callback.query().unwrap_or_default()
        );
        let back = self.send(Method::GET, &path, None).await?;
        let page = location(&back)?;
        page.split_once("grant=")
            .map(|(_, grant)| grant.to_owned())
            .ok_or_else(|| CommandError::failed(format!("linking ended at {page}")))
    }

    async fn choose(
        &self,
        grant: &str,
        platforms: &[String],
        count: usize,
    ) -> Result<Vec<String>, CommandError> {
        let reached = self
            .get(&format!("/api/v1/grants/{grant}/accounts"))
            .await?;
        let chosen: Vec<Value> = platforms
            .iter()
            .flat_map(|platform| {
                items(&reached, "accounts")
                    .iter()
                    .filter(move |account| {
                        text(account, "platform") == *platform && account["linkable"] != false
                    })
                    .take(count)
            })
            .map(|account| {
                json!({"platform": text(account, "platform"), "external_id": text(account, "external_id")})
            })
            .collect();
        let body = json!({"grant": grant, "accounts": chosen});
        let linked = self
            .send(Method::POST, "/api/v1/accounts", Some(body))
            .await?;
        let linked: Value = linked.json().await.map_err(failed)?;
        Ok(items(&linked, "accounts")
            .iter()
            .map(|account| text(account, "name"))
            .collect())
    }

    async fn get(&self, path: &str) -> Result<Value, CommandError> {
        let response = self.send(Method::GET, path, None).await?;
        response.json().await.map_err(failed)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Response, CommandError> {
        let mut url = self.origin.clone();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        url.set_path(path);
        url.set_query((!query.is_empty()).then_some(query));
        let mut request = self
            .client
            .request(method, url)
            .header(header::ORIGIN, self.origin.origin().ascii_serialization());
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(failed)?;
        if response.status().is_client_error() || response.status().is_server_error() {
            let status = response.status();
            let problem: Value = response.json().await.unwrap_or_default();
            return Err(CommandError::failed(format!(
                "{path} answered {status}: {}",
                text(&problem, "detail")
            )));
        }
        Ok(response)
    }
}

/// Without the URL: it may carry a code.
fn failed(error: reqwest::Error) -> CommandError {
    CommandError::failed(crate::error::chain(&error.without_url()))
}

fn location(response: &Response) -> Result<String, CommandError> {
    response
        .headers()
        .get(header::LOCATION)
        .and_then(|location| location.to_str().ok())
        .map(str::to_owned)
        .ok_or_else(|| {
            CommandError::failed(format!(
                "expected a redirect, not the status {}",
                response.status()
            ))
        })
}

fn items<'a>(document: &'a Value, name: &str) -> &'a [Value] {
    document[name].as_array().map_or(&[], Vec::as_slice)
}

fn text(document: &Value, name: &str) -> String {
    document[name].as_str().unwrap_or_default().to_owned()
}
