use std::collections::BTreeSet;

use encoding_rs::SHIFT_JIS;
use serde_json::{Value, json};

use super::{Product, REPORTS, cells};

#[tokio::test]
async fn columns_stand_as_they_were_asked_for_with_headings_in_two_languages() {
    let search = Product::search().await;
    let lines = search.lines(json!({})).await;
    let headings = [
        "Day",
        "CampaignID",
        "Campaign name",
        "Impressions",
        "Clicks",
        "Cost",
        "Conversions",
    ];
    assert_eq!(lines[0], headings);
    let turned = json!({ "fields": ["COST", "DAY"], "reportLanguage": "JA" });
    assert_eq!(search.lines(turned).await[0], ["コスト", "日"]);
    let display = Product::display().await;
    let headings = &display.lines(json!({})).await[0];
    assert_eq!(headings[..2], ["Daily", "Campaign ID"]);
    let bare = display
        .lines(json!({ "reportSkipColumnHeader": "TRUE" }))
        .await;
    assert_eq!(&bare[0][0][..2], "20");
}

#[tokio::test]
async fn numbers_are_spelled_as_each_product_spells_them() {
    let column = |lines: &[Vec<String>], at: usize| -> Vec<String> {
        lines[1..].iter().map(|line| line[at].clone()).collect()
    };
    let whole = |cells: &[String]| cells.iter().all(|cell| cell.parse::<i64>().is_ok());
    let decimal = |cells: &[String]| {
        let mut cells = cells.iter();
        cells.all(|cell| cell.contains('.') && cell.parse::<f64>().is_ok())
    };
    let fields = json!([
        "IMPS",
        "COST",
        "CONVERSIONS",
        "CONV_VALUE",
        "CROSS_DEVICE_CONVERSIONS",
        "DAY"
    ]);
    let search = Product::search().await;
    let lines = search.lines(json!({ "fields": fields })).await;
    assert!(whole(&column(&lines, 0)) && whole(&column(&lines, 1)));
    let conversions = column(&lines, 2);
    assert!(decimal(&conversions) && decimal(&column(&lines, 3)));
    let fraction = |cell: &&String| !cell.ends_with(".0");
    let fractions: Vec<&String> = conversions.iter().filter(fraction).collect();
    assert!(
        fractions
            .iter()
            .all(|cell| cell.split('.').nth(1).unwrap().len() <= 2)
    );
    assert!(!fractions.is_empty(), "{conversions:?}");
    assert!(
        column(&lines, 4)
            .iter()
            .all(|cell| cell != "0" && cell != "--")
    );
    let more = json!({ "fields": fields, "reportDecimalPartDisplayType": "SIMPLE_DISPLAY" });
    let rounded = column(&search.lines(more).await, 2);
    assert!(whole(&rounded));
    for (exact, rounded) in conversions.iter().zip(&rounded) {
        assert_eq!(exact.parse::<f64>().unwrap().round().to_string(), *rounded);
    }
    let display = Product::display().await;
    let fields = json!([
        "IMPS",
        "COST",
        "CONVERSIONS",
        "CONV_VALUE_VIA_VIEW_THROUGH",
        "CAMPAIGN_ID",
        "DAY"
    ]);
    let lines = display.lines(json!({ "fields": fields })).await;
    assert!(whole(&column(&lines, 2)) && decimal(&column(&lines, 1)));
    let views = column(&lines, 3);
    assert!(views.iter().any(|cell| cell == "--") && views.iter().all(|cell| cell != "0"));
}

#[tokio::test]
async fn days_are_spelled_in_three_ways() {
    let product = Product::search().await;
    let mut shapes = BTreeSet::new();
    for _ in 0..8 {
        let lines = product.lines(json!({ "fields": ["DAY", "IMPS"] })).await;
        let shape: String = lines[1][0]
            .chars()
            .filter(|c| !c.is_ascii_digit())
            .collect();
        shapes.insert(shape);
    }
    assert_eq!(
        shapes,
        BTreeSet::from(["".to_owned(), "--".to_owned(), "//".to_owned()])
    );
}

#[tokio::test]
async fn totals_have_no_label_in_search_and_one_in_display() {
    let more = json!({ "reportSkipReportSummary": null });
    let sum = |lines: &[Vec<String>]| -> i64 {
        let rows = &lines[1..lines.len() - 1];
        rows.iter().map(|row| row[3].parse::<i64>().unwrap()).sum()
    };
    let search = Product::search().await.lines(more.clone()).await;
    let last = search.last().unwrap();
    assert_eq!(last[..3], ["", "", ""]);
    assert_eq!(last[3], sum(&search).to_string());
    let product = Product::display().await;
    let display = product.lines(more).await;
    let last = display.last().unwrap();
    assert_eq!(last[..3], ["Total", "--", "--"]);
    assert_eq!(last[3], sum(&display).to_string());
    let nothing = json!({
        "dateRange": { "startDate": "20270101", "endDate": "20270101" },
        "reportSkipReportSummary": "FALSE",
    });
    let empty = product.lines(nothing).await;
    assert_eq!(empty[1], ["Total", "--", "--", "--", "--", "--", "--"]);
    assert_eq!(empty.len(), 2);
}

#[tokio::test]
async fn files_come_in_the_letters_that_were_asked_for() {
    let product = Product::display().await;
    let text = String::from_utf8(product.file(json!({})).await).unwrap();
    let names: BTreeSet<String> = cells(&text, ',')
        .iter()
        .map(|line| line[2].clone())
        .collect();
    assert!(names.iter().any(|name| !name.is_ascii()));
    let file = async |encode: &str| {
        product
            .file(json!({ "reportDownloadEncode": encode }))
            .await
    };
    let of = |text: &str| -> BTreeSet<String> {
        cells(text, ',')
            .iter()
            .map(|line| line[2].clone())
            .collect()
    };
    let marked = file("UTF8_BOM").await;
    assert_eq!(marked[..3], *b"\xEF\xBB\xBF");
    assert_eq!(of(std::str::from_utf8(&marked[3..]).unwrap()), names);
    assert_eq!(of(&SHIFT_JIS.decode(&file("SJIS").await).0), names);
    let wide = file("UTF16LE").await;
    let units = wide
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let wide = String::from_utf16(&units.collect::<Vec<_>>()).unwrap();
    assert_eq!(of(&wide), names);
    let tabs = product.file(json!({ "reportDownloadFormat": "TSV" })).await;
    let tabs = cells(std::str::from_utf8(&tabs).unwrap(), '\t');
    assert_eq!(tabs[0].len(), 7);
}

#[tokio::test]
async fn quotes_and_commas_are_quoted() {
    let product = Product::search().await;
    let mut operand = product.operand(&json!({ "fields": ["ACCOUNT_NAME", "DAY", "IMPS"] }));
    operand["reportType"] = json!("ACCOUNT");
    let body = json!({ "accountId": product.id(1), "operand": [operand] });
    let added = product.call(REPORTS, "add", body).await;
    let job = &added.body["rval"]["values"][0]["reportDefinition"]["reportJobId"];
    let body = json!({ "accountId": product.id(1), "reportJobId": job });
    let early = product.call(REPORTS, "download", body.clone()).await;
    assert_eq!(
        super::code(&early),
        (200, "S0001"),
        "not ready before anybody asks"
    );
    for _ in 0..3 {
        let body = json!({ "accountId": product.id(1) });
        product.call(REPORTS, "get", body).await;
    }
    let request = product.request(REPORTS, "download", &body);
    let request = request.bearer_auth(&product.accounts[0].token);
    let request = request.header("x-z-base-account-id", product.manager());
    let text = request.send().await.unwrap().text().await.unwrap();
    assert!(
        text.contains("\"Northwind Outdoor, K.K. \"\"検索\"\"\","),
        "{text}"
    );
    assert_eq!(cells(&text, ',')[1][0], product.accounts[1].name);
}

#[tokio::test]
async fn what_was_removed_is_told_unless_a_report_leaves_it_out() {
    let product = Product::search().await;
    let ids = async |removed: Value| -> BTreeSet<String> {
        let more = json!({
            "fields": ["AD_ID", "IMPS"],
            "reportType": "AD",
            "dateRange": { "startDate": "20240101", "endDate": "20261122" },
            "reportIncludeDeleted": removed,
        });
        let lines = product.lines(more).await;
        lines[1..].iter().map(|line| line[0].clone()).collect()
    };
    let (all, left) = (ids(Value::Null).await, ids(json!("FALSE")).await);
    assert!(left.is_subset(&all) && left.len() < all.len());
    assert_eq!(ids(json!("TRUE")).await, all);
}

#[tokio::test]
async fn fields_are_described() {
    let search = Product::search().await;
    let ask = async |product: &Product, body: Value| {
        product
            .through(None, REPORTS, "getReportFields", &body)
            .await
    };
    let names = |fields: &Value| -> Vec<String> {
        let fields = fields["rval"]["fields"].as_array().unwrap().iter();
        fields
            .map(|field| field["fieldName"].as_str().unwrap().to_owned())
            .collect()
    };
    let campaign = ask(&search, json!({ "reportType": "CAMPAIGN" })).await.body;
    let known = names(&campaign);
    assert!(known.contains(&"CAMPAIGN_ID".to_owned()) && !known.contains(&"AD_ID".to_owned()));
    let field = &campaign["rval"]["fields"][0];
    assert_eq!(
        (&field["displayFieldNameEn"], &field["displayFieldNameJa"]),
        (&json!("Day"), &json!("日"))
    );
    let display = Product::display().await;
    let all = ask(&display, json!({ "reportType": "AD", "lang": "EN" }))
        .await
        .body;
    assert_eq!(all["rval"]["fields"][0]["displayFieldName"], "Daily");
    assert!(names(&all).contains(&"CONV_VALUE_VIA_VIEW_THROUGH".to_owned()));
    let refused = ask(&display, json!({ "reportType": "AD" })).await;
    assert_eq!(super::code(&refused), (200, "R0001"));
    let refused = ask(&search, json!({})).await;
    assert_eq!(super::code(&refused), (200, "R0001"));
}
