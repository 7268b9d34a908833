//! The redirects of the implementation guide for token requestors, as they stand there.

use tidemark::domain::id::TokenReference;
use tidemark::domain::push::{Callback, CardResult, RegisteredCallback, Reported};
use tidemark::domain::receipt::ReceiptToken;
use tidemark::http::read_push;

/// Page 51.
const REDIRECT: &str = "https://www.mywallet.com/pushAccount?pushAccountReceipts=MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE,MSI-1E8GTJ94-9D5T-96MO-WV36-56AZN95Y8DUL,DMC-9H2T37SH-RB3O-PI14-QQ9R-321UGR5ZI07A&callbackURL=moonbank%3A%2F%2Fpushcallback&callbackRequired=false&completeIssuerAppActivation=false&completeWebsiteActivation=false&locale=en_US";
/// Page 53, to an app. The printed form loses a hyphen at a line break; the raw one beside it is right.
const TO_APP: &str = "moonbank://pushcallback?results%5BMCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE%5D=APPROVED%7CDWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45";
/// Page 53, to a website whose address has a query.
const TO_WEBSITE: &str = "https://www.moonbank.com/pushcallback?session_id=789456123&results%5BMCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE%5D=APPROVED%7CDWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45&results%5BMSI-1E8GTJ94-9D5T-96MO-WV36-56AZN95Y8DUL%5D=REQUIRE_ADDITIONAL_AUTHENTICATION%7CDWSPMC00000000032d72d4ffcb2f4136a0532d32d72d4fcb&results%5BDMC-9H2T37SH-RB3O-PI14-QQ9R-321UGR5ZI07A%5D=CANCELLED";

const RECEIPTS: [&str; 3] = [
    "MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE",
    "MSI-1E8GTJ94-9D5T-96MO-WV36-56AZN95Y8DUL",
    "DMC-9H2T37SH-RB3O-PI14-QQ9R-321UGR5ZI07A",
];
const APPROVED: &str = "DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45";
const WAITING: &str = "DWSPMC00000000032d72d4ffcb2f4136a0532d32d72d4fcb";

fn reported(receipt: &str, result: CardResult, token: Option<&str>) -> Reported {
    Reported {
        receipt: ReceiptToken::parse(receipt).expect("a receipt"),
        result,
        token: token.map(|token| TokenReference::parse(token).expect("a reference")),
    }
}

#[test]
fn the_redirect_to_the_wallet_is_read_member_by_member() {
    let (_, query) = REDIRECT.split_once('?').expect("a query");
    for query in [
        query.to_owned(),
        query.replace(',', "%2C"),
        query.replace("=false", "=FALSE"),
    ] {
        let push = read_push(&query).expect("a push");
        assert!(push.jws.is_none());
        assert_eq!(push.plain_receipts, RECEIPTS);
        assert!(
            push.plain_receipts
                .iter()
                .all(|receipt| ReceiptToken::parse(receipt).is_ok())
        );
        assert_eq!(push.callback.as_deref(), Some("moonbank://pushcallback"));
        assert_eq!(push.must_return, Some(false));
        assert_eq!(push.completes_in_app, Some(false));
        assert_eq!(push.completes_on_website, Some(false));
        assert_eq!(push.locale.as_deref(), Some("en_US"));
    }
}

#[test]
fn both_ways_back_are_written_byte_for_byte() {
    let to_app = Callback::of_store("moonbank://pushcallback".to_owned());
    let results = [reported(RECEIPTS[0], CardResult::Approved, Some(APPROVED))];
    assert_eq!(to_app.with_results(&results), TO_APP);

    let to_website = Callback::of_store("https://www.moonbank.com/pushcallback?session_id=789456123".to_owned());
    let results = [
        reported(RECEIPTS[0], CardResult::Approved, Some(APPROVED)),
        reported(RECEIPTS[1], CardResult::RequireAdditionalAuthentication, Some(WAITING)),
        // What was cancelled has no token to tell.
        reported(RECEIPTS[2], CardResult::Cancelled, Some(APPROVED)),
    ];
    assert_eq!(to_website.with_results(&results), TO_WEBSITE);
    for address in ["moonbank://pushcallback", "https://www.moonbank.com/pushcallback"] {
        assert!(RegisteredCallback::parse(address).is_ok(), "{address}");
    }
}
