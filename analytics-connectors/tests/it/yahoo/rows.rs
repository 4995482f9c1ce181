//! What a report's rows become, and what of them cannot be believed.

use analytics_connectors::{Batch, Error, ErrorKind};
use analytics_core::model::Level;
use encoding_rs::SHIFT_JIS;
use rstest::rstest;

use super::{DISPLAY, SEARCH, Vendor, daily, facts, says};

const SEARCH_HEAD: &str = "Day,CampaignID,Campaign name,Impressions,Clicks,Cost,Conversions,Conv. value,Conversions (all),Conv. value (all)";
const DISPLAY_HEAD: &str = "Daily,Campaign ID,Campaign Name,Impressions,Clicks,Cost,Conversions,Conv. value,Conversions (all),Conv. value (all),View-through conversions,Video views,25%,50%,75%,100%,Viewable impressions,Measured impressions";

async fn read(platform: &str, level: Level, body: impl Into<Vec<u8>>) -> Result<Vec<Batch>, Error> {
    let vendor = Vendor::start(platform).await;
    vendor.makes(body).await;
    vendor.fetch(daily(level, "2026-11-21", "2026-11-22")).await
}

/// A report of campaigns in Search.
async fn search(rows: &str) -> Result<Vec<Batch>, Error> {
    read(SEARCH, Level::Campaign, format!("{SEARCH_HEAD}\r\n{rows}")).await
}

#[tokio::test]
async fn a_report_of_search_is_read_by_position() {
    let batches = search(
        "2026-11-21,500000011,\"Autumn, \"\"brand\"\"\",1840,96,7312,4.0,52000.0,5.25,52000.5\r\n\
         2026-11-22,500000012,一般キーワード,402,7,981,0.333333333333,0.0,0.0,0.0\r\n",
    )
    .await
    .unwrap();
    assert_eq!(
        facts(&batches, "impressions"),
        ["500000011 2026-11-21 1840", "500000012 2026-11-22 402"]
    );
    assert_eq!(
        facts(&batches, "spend"),
        ["500000011 2026-11-21 7312", "500000012 2026-11-22 981"]
    );
    assert_eq!(
        facts(&batches, "conversions"),
        ["500000011 2026-11-21 4", "500000012 2026-11-22 0.333333"],
        "fractions are rounded at the millionth"
    );
    assert_eq!(
        facts(&batches, "conversions_all"),
        ["500000011 2026-11-21 5.25"]
    );
    assert_eq!(
        facts(&batches, "conversion_value_all"),
        ["500000011 2026-11-21 52000.5"]
    );
    let names: Vec<Option<&str>> = batches[0]
        .entities
        .iter()
        .map(|entity| entity.name.as_deref())
        .collect();
    assert_eq!(names, [Some("Autumn, \"brand\""), Some("一般キーワード")]);
}

#[tokio::test]
async fn a_report_of_display_has_decimals_videos_and_cells_without_a_value() {
    let body = format!(
        "{DISPLAY_HEAD}\n\
         2026-11-21,61,Autumn banner,120345,410,15230.5,6,88000.0,7,91000.0,3,0,0,0,0,0,80311,110000\n\
         2026-11-22,62,Brand movie,54002,61,9900.0,0,0.0,0,0.0,--,8123,6000,4000,3000,1500,40110,-\n"
    );
    let batches = read(DISPLAY, Level::Campaign, body).await.unwrap();
    assert_eq!(
        facts(&batches, "spend"),
        ["61 2026-11-21 15230.5", "62 2026-11-22 9900"]
    );
    assert_eq!(
        facts(&batches, "view_through_conversions"),
        ["61 2026-11-21 3"]
    );
    assert_eq!(facts(&batches, "video_views"), ["62 2026-11-22 8123"]);
    assert_eq!(facts(&batches, "video_views_p75"), ["62 2026-11-22 3000"]);
    assert_eq!(
        facts(&batches, "measurable_impressions"),
        ["61 2026-11-21 110000"]
    );
    assert_eq!(
        facts(&batches, "conversion_value_all"),
        ["61 2026-11-21 91000"]
    );
}

#[rstest]
#[case::dashes("2026-11-21")]
#[case::slashes("2026/11/21")]
#[case::bare("20261121")]
#[tokio::test]
async fn a_day_may_be_spelt_in_three_ways(#[case] spelt: &str) {
    let batches = search(&format!("{spelt},5,x,10,1,2,0,0,0,0\n"))
        .await
        .unwrap();
    assert_eq!(facts(&batches, "impressions"), ["5 2026-11-21 10"]);
}

#[tokio::test]
async fn shift_jis_is_read_as_well_as_utf8() {
    let text = "日,ID,名,表示,クリック,費用,数,値,全,全値\r\n2026-11-21,5,表示・新規獲得,10,1,2,0,0,0,0\r\n";
    let (body, _, lossy) = SHIFT_JIS.encode(text);
    assert!(!lossy);
    let batches = read(SEARCH, Level::Campaign, body.into_owned())
        .await
        .unwrap();
    assert_eq!(
        batches[0].entities[0].name.as_deref(),
        Some("表示・新規獲得")
    );
}

#[tokio::test]
async fn a_byte_order_mark_and_other_headings_do_not_matter() {
    let body = "\u{feff}a,b,c,d,e,f,g,h,i,j\r\n2026-11-21,5,x,10,1,2,0,0,0,0\r\n";
    let batches = read(SEARCH, Level::Campaign, body).await.unwrap();
    assert_eq!(facts(&batches, "clicks"), ["5 2026-11-21 1"]);
}

#[rstest]
#[case::of_search(SEARCH, SEARCH_HEAD, ",,,319117,10,20,1.0,1.0,1.0,1.0")]
#[case::of_display(
    DISPLAY,
    DISPLAY_HEAD,
    "Total,--,--,319117,10,20,1,1.0,1,1.0,1,1,1,1,1,1,1,1"
)]
#[case::in_japanese(
    DISPLAY,
    DISPLAY_HEAD,
    "合計,--,--,319117,10,20,1,1.0,1,1.0,1,1,1,1,1,1,1,1"
)]
#[case::of_nothing(
    DISPLAY,
    DISPLAY_HEAD,
    "Total,--,--,--,--,--,--,--,--,--,--,--,--,--,--,--,--,--"
)]
#[tokio::test]
async fn a_row_of_totals_is_no_campaign(
    #[case] platform: &str,
    #[case] head: &str,
    #[case] totals: &str,
) {
    let body = format!("{head}\n{totals}\n");
    let batches = read(platform, Level::Campaign, body).await.unwrap();
    assert!(batches[0].facts.is_empty() && batches[0].entities.is_empty());
}

#[tokio::test]
async fn a_report_without_rows_is_a_heading() {
    let batches = search("").await.unwrap();
    assert_eq!(batches.len(), 1);
    assert!(batches[0].facts.is_empty());
}

#[tokio::test]
async fn an_ad_has_its_place_and_a_name() {
    let head = ["h"; 13].join(",");
    let body = format!(
        "{head}\n2026-11-21,5,6,71,My ad,Text ad (Longer title),10,1,2,0,0,0,0\n\
         2026-11-22,5,6,72,--,Responsive ads for search,20,1,2,0,0,0,0\n"
    );
    let batches = read(SEARCH, Level::Ad, body).await.unwrap();
    let told: Vec<(Level, &str, Option<&str>, Option<&str>)> = batches[0]
        .entities
        .iter()
        .map(|entity| {
            let parent = entity.parent_external_id.as_deref();
            (
                entity.level,
                entity.external_id.as_str(),
                parent,
                entity.name.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Level::Campaign, "5", None, None),
            (Level::AdGroup, "6", Some("5"), None),
            (Level::Ad, "71", Some("6"), Some("My ad")),
            (
                Level::Ad,
                "72",
                Some("6"),
                Some("Responsive ads for search 72")
            ),
        ]
    );
}

#[tokio::test]
async fn rows_that_are_parts_of_one_are_added_up() {
    let batches =
        search("2026-11-21,5,old name,10,1,2,0.5,0,0,0\n2026-11-21,5,new name,30,2,5,0.25,0,0,0\n")
            .await
            .unwrap();
    assert_eq!(facts(&batches, "impressions"), ["5 2026-11-21 40"]);
    assert_eq!(facts(&batches, "conversions"), ["5 2026-11-21 0.75"]);
}

#[tokio::test]
async fn separators_of_thousands_are_taken_out_where_they_make_sense() {
    let batches = search("2026-11-21,5,x,\"1,234,567\",1,\"2,000\",0,0,0,0\n")
        .await
        .unwrap();
    assert_eq!(facts(&batches, "impressions"), ["5 2026-11-21 1234567"]);
    assert_eq!(facts(&batches, "spend"), ["5 2026-11-21 2000"]);
}

#[rstest]
#[case::twice(
    "2026-11-21,5,x,10,1,2,0,0,0,0\n2026-11-21,5,x,10,1,2,0,0,0,0\n",
    "repeats row 2"
)]
#[case::not_asked_for("2026-11-20,5,x,10,1,2,0,0,0,0\n", "outside the range")]
#[case::no_date(
    "21.11.2026,5,x,10,1,2,0,0,0,0\n",
    "`DAY` in row 1 is no date: `21.11.2026`"
)]
#[case::a_date_that_is_none("2026-02-30,5,x,10,1,2,0,0,0,0\n", "no date")]
#[case::no_id("2026-11-21,,x,10,1,2,0,0,0,0\n", "`CAMPAIGN_ID` in row 1")]
#[case::a_name_for_an_id("2026-11-21,x,5,10,1,2,0,0,0,0\n", "`CAMPAIGN_ID` in row 1")]
#[case::a_part_of_an_impression("2026-11-21,5,x,10.5,1,2,0,0,0,0\n", "`IMPS` in row 1")]
#[case::a_word("2026-11-21,5,x,10,many,2,0,0,0,0\n", "`CLICKS` in row 1")]
#[case::too_fine("2026-11-21,5,x,10,1,2.0000001,0,0,0,0\n", "`COST` in row 1")]
#[case::too_large("2026-11-21,5,x,99999999999999999999,1,2,0,0,0,0\n", "`IMPS` in row 1")]
#[case::a_comma_for_a_point("2026-11-21,5,x,10,1,\"2,5\",0,0,0,0\n", "`COST` in row 1")]
#[case::a_share("2026-11-21,5,x,10,1,2%,0,0,0,0\n", "`COST` in row 1")]
#[case::no_number("2026-11-21,5,x,10,1,2,NaN,0,0,0\n", "`CONVERSIONS` in row 1")]
#[case::a_cell_too_few("2026-11-21,5,x,10,1,2,0,0,0\n", "9 columns in row 1, not 10")]
#[case::a_cell_too_many("2026-11-21,5,x,10,1,2,0,0,0,0,0\n", "11 columns in row 1, not 10")]
#[tokio::test]
async fn a_row_that_cannot_be_believed_fails_the_report(#[case] rows: &str, #[case] named: &str) {
    let error = search(rows).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(
        &error,
        &[SEARCH, "report (campaign)", "2026-11-21..2026-11-22", named],
    );
}

async fn display_cost(cost: &str) -> Result<Vec<Batch>, Error> {
    let row = format!("2026-11-21,61,x,1,1,{cost},0,0,0,0,0,0,0,0,0,0,0,0");
    read(DISPLAY, Level::Campaign, format!("{DISPLAY_HEAD}\n{row}\n")).await
}

#[tokio::test]
async fn display_money_is_a_double_of_any_length() {
    let batches = display_cost("13011.499999999998").await.unwrap();
    assert_eq!(facts(&batches, "spend"), ["61 2026-11-21 13011.5"]);
    let error = display_cost("about 13011").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &[DISPLAY, "`COST`", "about 13011"]);
}

#[tokio::test]
async fn ads_that_are_alike_to_the_last_cell_are_parts_of_one() {
    let head = ["h"; 13].join(",");
    let row = "2026-11-21,5,6,71,My ad,Text ad,1,0,0,0,0,0,0\n";
    let body = format!("{head}\n{row}{row}");
    let batches = read(SEARCH, Level::Ad, body).await.unwrap();
    assert_eq!(facts(&batches, "impressions"), ["71 2026-11-21 2"]);
}

#[tokio::test]
async fn what_an_account_has_no_value_of_is_missing_and_not_zero() {
    let head = ["h"; 18].join(",");
    let row = "2026-11-21,900000001,店,9,1,2,0,0,0,0,--,0,0,0,0,0,5,--";
    let batches = read(DISPLAY, Level::Account, format!("{head}\n{row}\n"))
        .await
        .unwrap();
    let gaps: Vec<String> = batches[0]
        .gaps
        .iter()
        .map(|gap| format!("{} {}", gap.metric, gap.range.start))
        .collect();
    assert_eq!(
        gaps,
        [
            "view_through_conversions 2026-11-21",
            "measurable_impressions 2026-11-21"
        ]
    );
}

#[tokio::test]
async fn a_row_of_another_account_is_refused() {
    let head = ["h"; 10].join(",");
    let own = format!("{head}\n2026-11-21,900000001,店,10,1,2,0,0,0,0\n");
    let batches = read(SEARCH, Level::Account, own).await.unwrap();
    assert_eq!(facts(&batches, "impressions"), ["900000001 2026-11-21 10"]);
    let other = format!("{head}\n2026-11-21,900000009,店,10,1,2,0,0,0,0\n");
    let error = read(SEARCH, Level::Account, other).await.unwrap_err();
    says(&error, &["ACCOUNT_ID", "another account"]);
}
