use analytics_connectors::simulator::Fault;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Product, REPORTS, answer, code};

impl Product {
    fn fault(&self, fault: Fault, detail: Option<&str>) {
        let faults = self.caller.simulator.faults();
        faults.inject_flavour(fault, self.platform, 1, 0, detail);
    }

    async fn accounts(&self) -> super::Answer {
        self.call("AccountService", "get", json!({})).await
    }
}

#[rstest]
#[case(Fault::RateLimited, None, 403, "0003")]
#[case(Fault::RateLimited, Some("130001"), 200, "130001")]
#[case(Fault::ServerError, None, 500, "0002")]
#[case(Fault::ServerError, Some("maintenance"), 503, "0099")]
#[case(Fault::ServerError, Some("busy"), 200, "130000")]
#[tokio::test]
async fn the_weather_has_codes(
    #[case] fault: Fault,
    #[case] detail: Option<&str>,
    #[case] status: u16,
    #[case] name: &str,
) {
    let product = Product::display().await;
    product.fault(fault, detail);
    assert_eq!(code(&product.accounts().await), (status, name));
    assert_eq!(product.accounts().await.status, 200);
}

#[tokio::test]
async fn a_fault_of_one_product_spares_the_other() {
    let product = Product::display().await;
    let faults = product.caller.simulator.faults();
    faults.inject(Fault::ServerError, "yahoo_search_ads", 1, 0);
    assert_eq!(product.accounts().await.status, 200);
    assert_eq!(faults.pending().len(), 1);
}

#[tokio::test]
async fn reports_are_slow_fail_or_are_too_large() {
    for product in [Product::search().await, Product::display().await] {
        product.fault(Fault::SlowReport, Some("12"));
        let job = product.order(json!({})).await;
        assert!(product.states(job).await.len() > 12);
        let mut endings = Vec::new();
        for _ in 0..2 {
            product.fault(Fault::FailedReport, None);
            let job = product.order(json!({})).await;
            endings.push(product.states(job).await.pop().unwrap());
            assert_eq!(product.poll(job).await["reportJobErrorDetail"], Value::Null);
            assert_eq!(code(&answer(product.download(job)).await), (200, "S0001"));
        }
        endings.sort();
        let expected = match product.platform {
            "yahoo_search_ads" => ["FAILED", "FAILED"],
            _ => ["CANCELED", "FAILED"],
        };
        assert_eq!(endings, expected);
        product.fault(Fault::ReduceData, None);
        let job = product.order(json!({})).await;
        assert_eq!(product.states(job).await.pop().unwrap(), "FAILED");
        let detail = &product.poll(job).await["reportJobErrorDetail"];
        assert_eq!(detail, "Over limit of file size.");
    }
}

#[tokio::test]
async fn tokens_die_with_the_consent() {
    let product = Product::search().await;
    product.fault(Fault::RevokeToken, None);
    assert_eq!(code(&product.accounts().await), (401, "0111"));
    assert_eq!(code(&product.accounts().await), (401, "0111"));
}

#[tokio::test]
async fn a_permission_is_lost_for_one_account() {
    let product = Product::search().await;
    let faults = product.caller.simulator.faults();
    let first = product.accounts[0].account.clone();
    faults.inject_flavour(Fault::PermissionLost, product.platform, 0, 0, Some(&first));
    let ask = async |n: usize| {
        let body = json!({ "accountId": product.id(n) });
        product.call(REPORTS, "get", body).await
    };
    assert_eq!(code(&ask(0).await), (403, "0098"));
    assert_eq!(ask(1).await.status, 200);
}

#[tokio::test]
async fn answers_and_files_break() {
    let product = Product::search().await;
    product.fault(Fault::MalformedJson, None);
    let broken = product.accounts().await;
    assert_eq!((broken.status, broken.body), (200, Value::Null));
    let job = product.order(json!({})).await;
    product.states(job).await;
    product.fault(Fault::MalformedJson, None);
    let page = product.download(job).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(
        page.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    assert!(page.text().await.unwrap().ends_with("</html>"));
    for fault in [Fault::TruncatedBody, Fault::ConnectionReset] {
        product.fault(fault, None);
        let sent = product.download(job).send().await;
        let whole = match sent {
            Ok(response) => response.bytes().await.is_ok(),
            Err(_) => false,
        };
        assert!(!whole, "{fault:?}");
    }
    let good = product.download(job).send().await.unwrap();
    assert_eq!(good.headers()["content-type"], "application/octet-stream");
}
