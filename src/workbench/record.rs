//! The recorder: a layer around a participant that sees every message and changes none.
//!
//! It listens to the bodies on their way instead of collecting them, so limits, time-outs and broken connections behave as
//! without it. A message begins when its request was read (or an answer began before that), and ends with its answer: with
//! the last byte, or lost when it breaks or nobody reads it any more.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::time::Instant;

use super::journal::Journal;
use super::knowledge::Known;
use super::mask::{Book, Lexicon};
use super::message::Ending;
use super::{attempts, mask};

mod begins;
mod check;
mod cut;
mod found;
mod letters;
mod nonces;
mod read;
mod tap;
mod who;

use read::{Answer, Asked, Context};
use tap::{Heard, listen};

/// Whom the layer is around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A token requestor: the wallet is at 0, its neighbours behind it.
    Wallet(usize),
    /// MDES.
    Mdes,
    /// The banks.
    Bank,
    /// The processor of the banks that know no card numbers.
    Processor,
}

impl Place {
    fn is_wallet(self) -> bool {
        matches!(self, Self::Wallet(_))
    }
}

/// The longest request that is kept: what MDES takes.
const REQUEST_MAX: usize = 1024 * 1024;
/// The longest answer that is kept: what a client of MDES takes.
const ANSWER_MAX: usize = 8 * 1024 * 1024;

/// Writes down what passes. Clones share everything.
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

/// Nothing in here is locked for longer than it takes to look something up: masking and verifying go on side by side.
struct Inner {
    journal: Journal,
    knowledge: Known,
    lexicon: Lexicon,
    /// What has to be remembered from one message to the next: nothing but keyed hashes.
    book: Book,
    ties: Mutex<attempts::Ties>,
    nonces: Mutex<nonces::Nonces>,
    letters: letters::Letters,
}

impl Inner {
    fn ties(&self) -> MutexGuard<'_, attempts::Ties> {
        self.ties.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn nonces(&self) -> MutexGuard<'_, nonces::Nonces> {
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorder {
    /// A recorder that writes into `journal`.
    #[must_use]
    pub fn new(journal: Journal, knowledge: Known) -> Self {
        let names = &knowledge.names;
        let all = [
            (&names.session, Some(mask::Sort::Session)),
            (&names.jws, Some(mask::Sort::Signed)),
            (&names.receipts, Some(mask::Sort::Receipt)),
            (&names.callback, None),
        ];
        let named = all
            .into_iter()
            .flat_map(|(names, sort)| names.iter().map(move |name| (name.to_lowercase(), sort)));
        let lexicon = Lexicon {
            secrets: knowledge.all_secrets(),
            names: named.collect(),
            authorities: knowledge.authorities(),
        };
        Self(Arc::new(Inner {
            journal,
            book: Book::new(knowledge.key),
            knowledge,
            lexicon,
            ties: Mutex::default(),
            nonces: Mutex::default(),
            letters: letters::Letters::default(),
        }))
    }

    /// Puts the recorder around a participant.
    pub fn around(&self, place: Place, router: Router) -> Router {
        let recorder = self.clone();
        router.layer(from_fn(move |request: Request, next: Next| {
            let recorder = recorder.clone();
            async move { recorder.pass(place, request, next).await }
        }))
    }

    async fn pass(&self, place: Place, request: Request, next: Next) -> Response {
        if !who::is_recorded(place, request.uri().path()) {
            return next.run(request).await;
        }
        let is_head = request.method() == Method::HEAD;
        let exchange = Exchange::start(self.clone(), place, &request);
        let request = exchange.listen_to_request(request);
        // Dropped with this future when the client goes away.
        let mut waiting = Waiting(Some(exchange.clone()));
        let response = next.run(request).await;
        waiting.0 = None;
        // It was refused before it was read.
        exchange.begin(&Heard::Part { bytes: 0 });
        exchange.listen_to_answer(response, is_head)
    }
}

/// Ends a message whose answer nobody waits for any more.
struct Waiting(Option<Exchange>);

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(exchange) = self.0.take() {
            exchange.begin(&Heard::Part { bytes: 0 });
            exchange.lose();
        }
    }
}

/// One request and its answer.
#[derive(Clone)]
struct Exchange(Arc<Running>);

struct Running {
    recorder: Recorder,
    asked: Asked,
    began: Instant,
    progress: Mutex<Progress>,
}

enum Progress {
    /// Its request is being read.
    Reading,
    /// It is in the journal, without an end.
    Open { number: u64, context: Context },
    /// It has ended.
    Over,
}

impl Exchange {
    fn start(recorder: Recorder, place: Place, request: &Request) -> Self {
        let asked = Asked {
            place,
            method: request.method().clone(),
            uri: request.uri().clone(),
            route: request
                .extensions()
                .get::<MatchedPath>()
                .map(|route| route.as_str().to_owned()),
            headers: request.headers().clone(),
            at_ms: (recorder.0.knowledge.now)(),
        };
        Self(Arc::new(Running {
            recorder,
            asked,
            began: Instant::now(),
            progress: Mutex::new(Progress::Reading),
        }))
    }

    fn listen_to_request(&self, request: Request) -> Request {
        if request.body().is_end_stream() {
            self.begin(&Heard::Whole(Bytes::new()));
            return request;
        }
        let exchange = self.clone();
        request.map(|body| listen(body, REQUEST_MAX, move |heard| exchange.begin(&heard)))
    }

    fn listen_to_answer(self, response: Response, is_head: bool) -> Response {
        let (parts, body) = response.into_parts();
        let (status, headers) = (parts.status.as_u16(), parts.headers.clone());
        if is_head || is_stream(&headers, &body) || body.is_end_stream() {
            self.answer(status, &headers, &Heard::Whole(Bytes::new()));
            return Response::from_parts(parts, body);
        }
        let body = listen(body, ANSWER_MAX, move |heard| match heard {
            Heard::Part { .. } => self.lose(),
            heard => self.answer(status, &headers, &heard),
        });
        Response::from_parts(parts, body)
    }

    /// Writes the request down, unless that was done.
    fn begin(&self, heard: &Heard) {
        let mut progress = self.progress();
        if !matches!(*progress, Progress::Reading) {
            return;
        }
        let inner = &self.0.recorder.0;
        let (message, context) = read::request(inner, &self.0.asked, heard);
        let number = read::begin(inner, message);
        *progress = Progress::Open { number, context };
    }

    fn answer(&self, status: u16, headers: &HeaderMap, heard: &Heard) {
        let Some((number, context)) = self.close() else { return };
        let answer = Answer {
            status,
            headers,
            heard,
            took_ms: self.took_ms(),
        };
        read::answer(&self.0.recorder.0, &self.0.asked, number, context, &answer);
    }

    fn lose(&self) {
        let Some((number, context)) = self.close() else { return };
        let ending = Ending::Lost {
            took_ms: self.took_ms(),
        };
        let journal = &self.0.recorder.0.journal;
        journal.end(number, ending, context.attempt, |_| {});
    }

    fn close(&self) -> Option<(u64, Context)> {
        match std::mem::replace(&mut *self.progress(), Progress::Over) {
            Progress::Open { number, context } => Some((number, context)),
            Progress::Reading | Progress::Over => None,
        }
    }

    fn took_ms(&self) -> u64 {
        u64::try_from(self.0.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer that goes on while things happen: it is written down when it opens.
fn is_stream(headers: &HeaderMap, body: &Body) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default();
    kind.starts_with("text/event-stream") || (kind.starts_with("text/html") && body.size_hint().exact().is_none())
}
