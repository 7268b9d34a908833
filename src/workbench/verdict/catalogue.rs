//! Everything that can be said of a flow, as data: the sentence, what to look at first, the causes, likeliest first, and
//! what to change. The documentation pages are written from it.

use super::Weight;

/// One kind of verdict.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Stable: `PP-SIG-003`.
    pub id: &'static str,
    /// What is the matter, in one sentence.
    pub sentence: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// Who can change it, likeliest first.
    pub whose: &'static str,
    /// What to look at first.
    pub check_first: &'static str,
    /// Causes, likeliest first.
    pub causes: &'static [&'static str],
    /// What to change.
    pub change: &'static str,
}

/// The entry of this id.
#[must_use]
pub fn entry(id: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.id == id).copied()
}

macro_rules! catalogue {
    ($($name:ident $id:literal $weight:ident $whose:literal $sentence:literal $first:literal [$($cause:literal),*] $change:literal;)*) => {
        $(pub(super) static $name: Entry = Entry {
            id: $id,
            sentence: $sentence,
            weight: Weight::$weight,
            whose: $whose,
            check_first: $first,
            causes: &[$($cause),*],
            change: $change,
        };)*

        /// All of them, root causes first: where several are true of a flow, the first is what the others follow from.
        pub static CATALOGUE: &[&Entry] = &[$(&$name),*];
    };
}

// Name, id, weight, who can change it, sentence, what to look at first, causes, change.
catalogue! {
    PAN_001 "PP-PAN-001" Problem "Whoever sends the message"
        "A card number stands in a message where it must not be"
        "the message, and who wrote it"
        [
            "An issuer put the account into a parameter or a body instead of the encrypted payload.",
            "A test message was copied from production."
        ]
        "Send account numbers encrypted to MDES only. The inspector masked this one before it was kept.";
    OAU_002 "PP-OAU-002" Problem "Whoever signs the request, or MDES"
        "The clock is off by more than the allowed time"
        "both clocks, that of the machine that signs and that of MDES (NTP), and the time zone"
        [
            "The clock of the machine that signs is not synchronised.",
            "The clock of MDES, which verifies, is off.",
            "The timestamp is written in milliseconds or in local time.",
            "A request waited in a queue after it was signed."
        ]
        "Synchronise both clocks, write oauth_timestamp in seconds of UTC, and sign at the moment of sending.";
    OAU_001 "PP-OAU-001" Problem "Whoever signs the request"
        "The body hash does not match the body"
        "what happens to the body between signing and sending"
        [
            "The body was serialised again, or changed, after it was signed.",
            "The hash was taken of a text in another encoding.",
            "The hash was taken of an empty body."
        ]
        "Take the hash of exactly the bytes that are sent: serialise once, sign, send those bytes.";
    OAU_003 "PP-OAU-003" Problem "Whoever signs the request"
        "The nonce was used before"
        "what a retry sends"
        [
            "A retry sends the signed request again as it was.",
            "The nonce comes from a poor source of randomness.",
            "A proxy sent the request twice."
        ]
        "Sign every try anew: new nonce, new timestamp.";
    OAU_004 "PP-OAU-004" Problem "Whoever signs the request"
        "The signature is not over the base string of this request"
        "the first character in which the two base strings differ"
        [
            "Query parameters are not sorted, or are encoded twice.",
            "The default port, or the other scheme, is part of the address that was signed.",
            "A proxy changes the address after it was signed.",
            "The request was signed with another key than the one that is enrolled."
        ]
        "Build the base string as RFC 5849, section 3.4, from the address that MDES sees.";
    ENC_001 "PP-ENC-001" Problem "Whoever encrypts the payload"
        "The payload was encrypted for another key"
        "the fingerprint in the payload and the one of the receiver"
        [
            "The certificate of another environment was used.",
            "The receiver's certificate was renewed and the sender has the old one.",
            "The fingerprint was taken of the key where the certificate is meant, or the other way round."
        ]
        "Encrypt to the certificate that the receiver gave for this environment, and name its fingerprint.";
    RED_001 "PP-RED-001" Problem "Wallet"
        "The redirect to the issuer has no session id"
        "the name of the parameter, and the template of the address"
        [
            "The parameter has another name than the issuer's profile says.",
            "The address of the issuer already had a query, and ours was appended with a second question mark.",
            "The session was not stored before the redirect was written."
        ]
        "Put tokenRequestorSessionId into the address that the cardholder is sent to.";
    RED_002 "PP-RED-002" Problem "Wallet"
        "The callback address that was sent is not the registered one"
        "scheme, host, port, last slash, upper and lower case"
        [
            "The address is built from the request's Host instead of the configuration.",
            "A test address went to production.",
            "The scheme is http behind a proxy that ends TLS."
        ]
        "Send the callback address that is registered, character by character.";
    RED_003 "PP-RED-003" Problem "Wallet"
        "The token requestor id that was sent differs from the configured one"
        "whether sandbox and production are mixed up"
        [
            "The redirect is built from another configuration than the calls to MDES.",
            "The id of another wallet of the same company is used."
        ]
        "Take the id from one place for redirects and calls.";
    SIG_001 "PP-SIG-001" Problem "Issuer"
        "The signature is not a JWS"
        "whether it was decoded twice, cut off, or + became a space"
        [
            "The issuer's app decodes the query once too often, or writes it in lower case.",
            "The address was cut off at a length.",
            "Something else than the signature of pushMultipleAccounts was sent back."
        ]
        "Hand the signature on as it came from MDES, percent-encoded exactly once.";
    SIG_002 "PP-SIG-002" Problem "Issuer or MDES"
        "The algorithm of the signature is not allowed"
        "alg in the header of the JWS: none and HS256 are attacks"
        [
            "Somebody forged the return.",
            "A test signer is used that signs in another way."
        ]
        "Only RS256 from MDES is accepted. Do not widen the list to make this work.";
    SIG_004 "PP-SIG-004" Problem "Wallet or MDES"
        "The key of the signature is unknown, or is not used any more"
        "kid in the header of the JWS, the keys that MDES publishes, and the age of the wallet's key set"
        [
            "The wallet's key set is older than the key, or comes from another environment.",
            "MDES has withdrawn the key, and the signature was made before that, or with it all the same.",
            "Somebody forged the return."
        ]
        "Give the wallet the key set of this environment, and renew it before keys change. It must not take a withdrawn key back.";
    SIG_006 "PP-SIG-006" Problem "MDES or wallet"
        "The certificate of the signature's key has expired"
        "the end of the certificate, and the clocks"
        [
            "The certificate of the key is past its end, and MDES signs with the key all the same.",
            "The key belongs to an environment for tests that nobody looks after.",
            "The clock of whoever verifies is wrong."
        ]
        "Sign with a key whose certificate is valid. The wallet must not make an exception.";
    SIG_005 "PP-SIG-005" Problem "Issuer"
        "The payload was changed after signing"
        "whether JSON was written anew, or characters encoded again"
        [
            "The issuer read the payload as JSON and wrote it again.",
            "Characters were encoded once more or once less on the way.",
            "Somebody changed it."
        ]
        "Hand the signature on as one opaque text. Never take it apart.";
    SIG_003 "PP-SIG-003" Problem "Issuer"
        "The signature does not cover this session id"
        "tokenRequestorSessionId: another one in the signed data, or none although MDES is set to sign it (knob session_in_jws)"
        [
            "The issuer cached the session id of the previous attempt.",
            "The issuer leaves tokenRequestorSessionId out of signatureData.",
            "Somebody brings a receipt of his own into another person's session."
        ]
        "Pass the session id of this redirect into the push request.";
    PSH_001 "PP-PSH-001" Problem "Issuer"
        "The push cannot be read"
        "whether a parameter is there twice, and whether the signed data holds one to five receipts"
        [
            "A parameter is there twice, or in the query and in the form.",
            "The signed data holds no receipt, or more than five.",
            "A receipt beside the signed data is not among the signed ones."
        ]
        "Send the signature and the parameters of one answer of pushMultipleAccounts, each once.";
    PSH_002 "PP-PSH-002" Problem "Wallet or issuer"
        "The push is not signed"
        "whether MDES signs for this token requestor, and whether the issuer passes the signature on"
        [
            "The issuer passes the receipts on, and leaves pushAccountData out.",
            "The token requestor is enrolled without signatures.",
            "The issuer's wire profile does not accept links without a signature."
        ]
        "Send pushAccountData, or set push_unsigned in the issuer's wire profile and accept what that means.";
    PSH_003 "PP-PSH-003" Problem "Issuer"
        "The push belongs to a session"
        "why tokenRequestorSessionId was passed into the push request"
        [
            "What was pushed for a session of the wallet is sent to the address for pushes.",
            "The issuer fills tokenRequestorSessionId with something of its own."
        ]
        "Send the cardholder to the callback of the session, or leave the session id out of signatureData.";
    PSH_004 "PP-PSH-004" Problem "Wallet or issuer"
        "The push does not say whose it is"
        "whether signatureData has a callbackURL, and whether the wallet has registered it"
        [
            "The issuer's wire profile has no push_callbacks, or others.",
            "The issuer leaves callbackURL out of signatureData.",
            "The issuer's address has moved."
        ]
        "Write the issuer's addresses into push_callbacks of its wire profile.";
    PSH_005 "PP-PSH-005" Problem "Issuer"
        "The callback of the push is not one to lead to"
        "how the signed callbackURL differs from the registered one"
        [
            "The path is not below the registered one.",
            "The address has a user, a port, a scheme or characters that the registered one does not have.",
            "Somebody tries to be led elsewhere."
        ]
        "Sign an address that begins with one of push_callbacks and goes on with whole parts of a path, or a query.";
    PSH_006 "PP-PSH-006" Problem "Issuer or cardholder"
        "The push was used before"
        "whether the cardholder opened the link twice, in two browsers"
        [
            "The cardholder opened the link once more in another browser, or went back to it.",
            "The issuer sends the same receipts again instead of pushing anew."
        ]
        "Push anew each time the cardholder asks for it.";
    RET_003 "PP-RET-003" Problem "Issuer or wallet"
        "The session id of the callback is unknown"
        "whether it expired, was cut off, or belongs to another installation"
        [
            "The session was over for so long that it was forgotten.",
            "The issuer changed the path of the callback, for example its upper and lower case.",
            "The callback reached another installation of the wallet."
        ]
        "Open the callback exactly as it was given, and soon.";
    RET_005 "PP-RET-005" Problem "Issuer"
        "The callback came after the attempt had expired"
        "how long signing in at the issuer took"
        [
            "Signing in at the issuer takes longer than an attempt lives.",
            "The cardholder left the page open.",
            "The issuer's app came back only when it was opened again."
        ]
        "Come back within the life of the attempt, or come back with result=ERROR when time is up.";
    RET_002 "PP-RET-002" Problem "Issuer's app or browser"
        "The callback came without the wallet's cookie"
        "whether it was another browser, a browser inside an app, or SameSite"
        [
            "The issuer's app opened the callback in another browser than the one it was called from.",
            "The browser inside an app keeps its own cookies.",
            "The cardholder opened the address on another device."
        ]
        "Open the callback in the browser that the cardholder came from, as a top-level GET.";
    RET_001 "PP-RET-001" Problem "Issuer"
        "The issuer came back without parameters"
        "whether the app drops the query when it resumes the browser"
        [
            "The issuer's app opens the bare callback, or only brings the browser to the front.",
            "The parameters were put behind the #, which no server sees.",
            "The issuer builds the address anew and forgets the query."
        ]
        "Append the parameters to the callback's query and keep what is there.";
    RCP_003 "PP-RCP-003" Problem "Issuer"
        "The receipt is for another wallet"
        "tokenRequestorId in the push request"
        [
            "The issuer's configuration names another wallet.",
            "Sandbox and production are mixed up.",
            "Somebody brings a receipt that was made for another wallet."
        ]
        "Push to the token requestor that the redirect named.";
    RCP_004 "PP-RCP-004" Problem "Issuer or wallet"
        "MDES does not know the receipt"
        "whether one side talks to the sandbox and the other to production"
        [
            "The receipt was made in another environment.",
            "The receipt was changed on the way.",
            "The receipt was made up."
        ]
        "Let issuer and wallet talk to the same environment.";
    RCP_001 "PP-RCP-001" Problem "Issuer"
        "The receipt had expired"
        "when it was pushed, and how long it lives"
        [
            "The issuer pushed the account before the cardholder had signed in, or long before the return.",
            "The issuer asked for a shorter life than it needs.",
            "The wallet waited before it checked."
        ]
        "Push the account as the last thing before the return.";
    RCP_002 "PP-RCP-002" Problem "Issuer or wallet"
        "The receipt was used before"
        "whether something is sent twice"
        [
            "The issuer keeps the receipt and returns it for the next attempt.",
            "The wallet sends digitize twice for one receipt.",
            "The return was replayed."
        ]
        "Push anew for each attempt; use each receipt once.";
    TNC_001 "PP-TNC-001" Problem "Wallet or issuer"
        "The terms changed between showing and accepting"
        "the asset id in checkEligibility and in digitize"
        [
            "The issuer published new terms in between.",
            "The wallet kept the terms of an earlier attempt."
        ]
        "Show the new terms and ask again.";
    LST_003 "PP-LST-003" Problem "Issuer"
        "An issuer's address is not https"
        "the issuer's onboarding data"
        [
            "The address of a test site was registered."
        ]
        "Register an https address. The wallet does not offer the issuer until then.";
    LST_001 "PP-LST-001" Problem "MDES or wallet"
        "MDES refused or failed the request for the list of issuers"
        "the status, and the OAuth view of the message"
        [
            "MDES is down or slow.",
            "The request is signed wrongly: see the OAuth view.",
            "The wallet is not enrolled in this environment."
        ]
        "If the status is 401, compare base strings; if it is 5xx, wait: the wallet keeps its last list.";
    LST_002 "PP-LST-002" Problem "MDES or wallet"
        "The list of issuers is empty for this wallet"
        "whether the token requestor is enabled for pull, and the environment"
        [
            "The token requestor is not enabled for Token Connect.",
            "No issuer is live for this wallet in this environment."
        ]
        "Ask MDES to enable the token requestor id, in this environment.";
    LST_004 "PP-LST-004" Problem "Issuer"
        "A picture was rejected"
        "size, and scripts in SVG"
        [
            "The SVG holds a script, a handler or a foreign address.",
            "The picture is larger than a picture of this kind needs to be.",
            "The asset does not exist."
        ]
        "Deliver a plain SVG without scripts, or a small PNG. The wallet shows a letter instead.";
    TOK_001 "PP-TOK-001" Answer "Issuer"
        "The issuer has no eligible card"
        "nothing: this is an answer"
        [
            "The cardholder has no card that may be in a wallet.",
            "Every card is in the wallet already."
        ]
        "Nothing to change.";
    TOK_002 "PP-TOK-002" Answer "Issuer"
        "Tokenisation was declined"
        "the reason code, if there is one"
        [
            "The issuer's rules declined the card, the device or the account.",
            "The issuer did not recognise the account."
        ]
        "Ask the issuer why; the wallet has nothing to change.";
    TOK_003 "PP-TOK-003" Answer "Wallet"
        "The card is already in the wallet"
        "nothing: this is an answer"
        [
            "The cardholder added the card before."
        ]
        "Nothing to change; show the card that is there.";
    NET_003 "PP-NET-003" Problem "MDES, or whatever stands before it"
        "An answer could not be read"
        "the media type, the size and the ids of the answer"
        [
            "A gateway or proxy before MDES answers in its place, for example with an HTML page.",
            "The answer was cut off on the way, or is larger than a client reads.",
            "Two answers were mixed up."
        ]
        "Look at what stands between the client and MDES. What a call with such an answer has done must be asked, not guessed.";
    NET_002 "PP-NET-002" Problem "Whoever was called"
        "A call failed"
        "whether it was repeated or asked after, and how it ended"
        [
            "The party that was called was down for a moment.",
            "The answer was lost on the way.",
            "A time limit is shorter than the call needs."
        ]
        "Nothing, if it went well in the end. Otherwise look at the last try.";
    NET_001 "PP-NET-001" Problem "Whoever was called"
        "A call was slow"
        "which hop, and its timings"
        [
            "The party that was called is slow.",
            "It waits for somebody else: look at the calls within the same time."
        ]
        "Find the innermost slow call: the others wait for it.";
    TOK_004 "PP-TOK-004" Problem "Whoever called, or MDES"
        "MDES refused the call"
        "the reason code"
        [
            "A member of the request is missing or not as the interface describes it.",
            "The caller may not make this call in this environment.",
            "MDES or the issuer cannot serve it at the moment."
        ]
        "Look the reason code up in the documentation of MDES, and compare the request with the interface.";
    RET_004 "PP-RET-004" Note "Issuer or browser"
        "The callback was used twice"
        "reload, prefetch, the button Back"
        [
            "The page was loaded again.",
            "The issuer's app opens the address two times.",
            "A browser or a scanner fetched the address ahead."
        ]
        "Nothing in the wallet: a second copy changes nothing. In an app, open the address once.";
    RET_006 "PP-RET-006" Note "Issuer"
        "The callback was a cross-site POST; its cookie was missing and came back with the 303"
        "the method of the return"
        [
            "The issuer returns with a form that sends itself."
        ]
        "Prefer a GET redirect: a POST costs one more round and loses the cookie on the way.";
}
