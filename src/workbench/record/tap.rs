//! A body that is listened to on its way. Every frame goes on as it came and when it came, an error breaks it as before.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// All of it, to its end.
    Whole(Bytes),
    /// All of it, and it was too long to keep.
    Long {
        /// In bytes.
        bytes: u64,
    },
    /// It broke, or whoever was to read it stopped.
    Part {
        /// In bytes.
        bytes: u64,
    },
}

impl Heard {
    /// The bytes, where all of them were kept.
    pub(super) fn whole(&self) -> Option<&[u8]> {
        match self {
            Self::Whole(bytes) => Some(bytes),
            Self::Long { .. } | Self::Part { .. } => None,
        }
    }

    /// How much of it came, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Whole(bytes) => bytes.len() as u64,
            Self::Long { bytes } | Self::Part { bytes } => *bytes,
        }
    }
}

/// What is done with it.
type Tell = Box<dyn FnOnce(Heard) + Send>;

/// Listens to a body. What is longer than `kept_max` bytes passes and is only counted.
pub(super) fn listen(body: Body, kept_max: usize, tell: impl FnOnce(Heard) + Send + 'static) -> Body {
    Body::new(Tap {
        expected: body.size_hint().exact(),
        body,
        kept: Vec::new(),
        kept_max,
        bytes: 0,
        tell: Some(Box::new(tell)),
    })
}

struct Tap {
    body: Body,
    expected: Option<u64>,
    kept: Vec<u8>,
    kept_max: usize,
    bytes: u64,
    tell: Option<Tell>,
}

impl Tap {
    fn hear(&mut self, bytes: &Bytes) {
        self.bytes += bytes.len() as u64;
        if self.kept.len() + bytes.len() <= self.kept_max {
            self.kept.extend_from_slice(bytes);
        } else {
            self.kept_max = 0;
            self.kept = Vec::new();
        }
    }

    fn end(&mut self, is_whole: bool) {
        let Some(tell) = self.tell.take() else { return };
        let kept = std::mem::take(&mut self.kept);
        tell(match (is_whole, kept.len() as u64 == self.bytes) {
            (true, true) => Heard::Whole(Bytes::from(kept)),
            (true, false) => Heard::Long { bytes: self.bytes },
            (false, _) => Heard::Part { bytes: self.bytes },
        });
    }

    /// A reader that knows the length does not ask for the end.
    fn is_over(&self) -> bool {
        self.body.is_end_stream() || self.expected == Some(self.bytes)
    }
}

impl HttpBody for Tap {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        match &frame {
            Poll::Pending => {}
            Poll::Ready(None) => self.end(true),
            Poll::Ready(Some(Err(_))) => self.end(false),
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(bytes) = frame.data_ref() {
                    self.hear(bytes);
                }
                // Before the last frame is passed on: whoever has the answer finds it written down.
                if self.is_over() {
                    self.end(true);
                }
            }
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        let is_whole = self.is_over();
        self.end(is_whole);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::body::to_bytes;

    use super::*;

    fn listened(body: Body, kept_max: usize) -> (Body, Arc<Mutex<Vec<Heard>>>) {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&heard);
        let body = listen(body, kept_max, move |what| told.lock().expect("a list").push(what));
        (body, heard)
    }

    fn streamed(frames: Vec<Result<&'static str, std::io::Error>>) -> Body {
        let frames = frames.into_iter().map(|frame| frame.map(Bytes::from));
        Body::from_stream(futures_util::stream::iter(frames))
    }

    #[tokio::test]
    async fn a_body_arrives_as_it_was_and_is_heard_once() {
        for (body, kept_max, wanted) in [
            (Body::from("abc"), 3, Heard::Whole(Bytes::from("abc"))),
            (Body::from("abcd"), 3, Heard::Long { bytes: 4 }),
            (Body::empty(), 3, Heard::Whole(Bytes::new())),
            (streamed(vec![Ok("ab"), Ok("c")]), 3, Heard::Whole(Bytes::from("abc"))),
            (streamed(vec![Ok("abc"), Ok("d")]), 3, Heard::Long { bytes: 4 }),
        ] {
            let before = body.size_hint().exact();
            let (body, heard) = listened(body, kept_max);
            assert_eq!(body.size_hint().exact(), before);
            let arrived = to_bytes(body, 10).await.expect("a body");
            assert!(["", "abc", "abcd"].contains(&std::str::from_utf8(&arrived).expect("text")));
            assert_eq!(*heard.lock().expect("a list"), [wanted]);
        }
    }

    #[tokio::test]
    async fn a_body_that_breaks_or_is_left_is_heard_in_part() {
        let (body, heard) = listened(streamed(vec![Ok("ab"), Err(std::io::Error::other("gone"))]), 9);
        assert!(to_bytes(body, 10).await.is_err());
        assert_eq!(*heard.lock().expect("a list"), [Heard::Part { bytes: 2 }]);
        let (body, heard) = listened(streamed(vec![Ok("ab"), Ok("c")]), 9);
        drop(body);
        assert_eq!(*heard.lock().expect("a list"), [Heard::Part { bytes: 0 }]);
    }
}
