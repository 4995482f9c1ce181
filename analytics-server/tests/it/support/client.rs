//! A browser: keeps its cookie, sends its origin, follows nothing by itself.

use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};
use url::Url;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: header::HeaderMap,
    /// JSON, or null.
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        Self {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    pub(crate) url: Url,
    pub(crate) cookie: Option<String>,
    pub(crate) origin: Option<String>,
}

impl Client {
    pub(crate) fn new(url: Url) -> Self {
        // Every client needs one; the first to install it is as good as any other.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            http,
            origin: Some(url.origin().ascii_serialization()),
            url,
            cookie: None,
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, self.url.join(path).unwrap());
        if let Some(origin) = &self.origin {
            request = request.header(header::ORIGIN, origin);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        request
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Posts JSON and keeps the cookie that comes back.
    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Answer {
        let answer = self.write(Method::POST, path, body).await;
        if let Some(cookie) = answer.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            self.cookie = Some(cookie.to_owned());
        }
        answer
    }

    /// Writes JSON; the cookie stays as it is.
    pub(crate) async fn write(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(self.request(method, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        let body = json!({"email": email, "password": password});
        let answer = self.post("/api/v1/session", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }

    pub(crate) async fn report(&self, query: Value) -> Answer {
        self.write(Method::POST, "/api/v1/report", query).await
    }

    /// Starts linking ad accounts; the consent page's address.
    pub(crate) async fn start_linking(&self) -> Url {
        self.start_linking_of(&["facebook_ads"]).await
    }

    /// Starts linking what these platforms of Meta's have; the consent page's address.
    pub(crate) async fn start_linking_of(&self, platforms: &[&str]) -> Url {
        self.start_linking_at("meta", platforms).await
    }

    /// Starts linking what these platforms of a provider have; the consent page's address.
    pub(crate) async fn start_linking_at(&self, provider: &str, platforms: &[&str]) -> Url {
        let body = json!({"platforms": platforms});
        let path = format!("/api/v1/connect/{provider}");
        let answer = self.write(Method::POST, &path, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["authorize_url"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    }

    /// Decides on the consent page; where it sends the browser, as path and query.
    pub(crate) async fn decide(&self, page: &Url, form: &[(&str, &str)]) -> String {
        let answer = self
            .http
            .post(page.clone())
            .form(form)
            .send()
            .await
            .unwrap();
        let answer = Answer::read(answer).await;
        let back: Url = answer.location().parse().expect(&answer.text);
        format!("{}?{}", back.path(), back.query().unwrap())
    }

    /// Consents to everything; where the app sends the browser in the end.
    pub(crate) async fn consent(&self) -> String {
        let page = self.start_linking().await;
        let back = self.decide(&page, &[("decision", "allow")]).await;
        self.get(&back).await.location().to_owned()
    }

    /// A grant by the whole road.
    pub(crate) async fn grant(&self) -> String {
        let page = self.consent().await;
        page.split_once("grant=")
            .unwrap_or_else(|| panic!("linking ended at {page}"))
            .1
            .to_owned()
    }

    /// Consents to what these platforms ask for, but for `declined`; the grant.
    pub(crate) async fn grant_of(&self, platforms: &[&str], declined: &[&str]) -> String {
        let page = self.start_linking_of(platforms).await;
        let asked = page
            .query_pairs()
            .find(|(name, _)| name == "scope")
            .unwrap()
            .1
            .into_owned();
        let mut form = vec![("decision", "allow"), ("page", "1")];
        let ticked = asked.split(',').filter(|scope| !declined.contains(scope));
        form.extend(ticked.map(|scope| ("scope", scope)));
        let back = self.decide(&page, &form).await;
        let answer = self.get(&back).await;
        let page = answer.location();
        page.split_once("grant=")
            .unwrap_or_else(|| panic!("linking ended at {page}"))
            .1
            .to_owned()
    }

    /// What a grant reaches.
    pub(crate) async fn reached(&self, grant: &str) -> Vec<Value> {
        let answer = self.get(&format!("/api/v1/grants/{grant}/accounts")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["accounts"].as_array().unwrap().clone()
    }

    /// Links what was found.
    pub(crate) async fn link(&self, grant: &str, found: &[&Value]) -> Answer {
        let accounts: Vec<Value> = found
            .iter()
            .map(
                |found| json!({"platform": found["platform"], "external_id": found["external_id"]}),
            )
            .collect();
        let body = json!({"grant": grant, "accounts": accounts});
        self.write(Method::POST, "/api/v1/accounts", body).await
    }

    /// Links the first `count` accounts; as answered.
    pub(crate) async fn link_first(&self, count: usize) -> Vec<Value> {
        let grant = self.grant().await;
        let reached = self.reached(&grant).await;
        let first: Vec<&Value> = reached.iter().take(count).collect();
        let answer = self.link(&grant, &first).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["accounts"].as_array().unwrap().clone()
    }
}
