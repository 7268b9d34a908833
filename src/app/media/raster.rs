//! Pictures made of pixels: decoded under limits, made smaller, written anew. Nothing of the original file survives but
//! its pixels.
//!
//! MDES delivers PNG and nothing else of this kind (`mediaContents[].type` of getAsset), so nothing else is decoded. The decoder is
//! safe Rust. libwebp, which is C, writes WebP from pixels that are ours; its decoder is never called.

use std::io::Cursor;

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, Resizer};
use png::{BitDepth, ColorType, Decoder, Limits, Transformations};

use super::PictureFault;

/// The largest width or height.
const PIXELS_MAX: u32 = 2_000;
/// What the decoder may use, in bytes: the largest picture, and as much again.
const DECODER_BYTES_MAX: usize = 40 * 1024 * 1024;
/// The quality of what is written with losses.
const QUALITY: f32 = 80.0;

/// A picture in memory: four bytes a pixel.
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    rgba: Vec<u8>,
}

/// Decodes a PNG.
///
/// # Errors
/// Why it is refused.
pub(super) fn decode(bytes: &[u8]) -> Result<Pixels, PictureFault> {
    let limits = Limits {
        bytes: DECODER_BYTES_MAX,
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    // The size is looked at before anything is inflated or set aside for it.
    let head = decoder.read_header_info().map_err(|_| PictureFault::Unreadable)?;
    let (width, height) = (head.width, head.height);
    if width == 0 || height == 0 || width > PIXELS_MAX || height > PIXELS_MAX {
        return Err(PictureFault::Pixels);
    }
    let mut reader = decoder.read_info().map_err(|_| PictureFault::Unreadable)?;
    let length = reader.output_buffer_size().ok_or(PictureFault::Pixels)?;
    let mut samples = vec![0; length];
    let frame = reader.next_frame(&mut samples).map_err(|_| PictureFault::Unreadable)?;
    if (frame.width, frame.height, frame.bit_depth) != (width, height, BitDepth::Eight) {
        return Err(PictureFault::Unreadable);
    }
    samples.truncate(frame.buffer_size());
    Ok(Pixels {
        width,
        height,
        rgba: rgba(frame.color_type, &samples),
    })
}

fn rgba(kind: ColorType, samples: &[u8]) -> Vec<u8> {
    match kind {
        ColorType::Grayscale | ColorType::Indexed => samples.iter().flat_map(|y| [*y, *y, *y, 255]).collect(),
        ColorType::GrayscaleAlpha => samples.chunks_exact(2).flat_map(|p| [p[0], p[0], p[0], p[1]]).collect(),
        ColorType::Rgb => samples.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect(),
        ColorType::Rgba => samples.to_vec(),
    }
}

impl Pixels {
    /// The same picture within a box. It is never made larger.
    ///
    /// # Errors
    /// None that a picture could cause.
    pub(super) fn within(&self, width: u32, height: u32) -> Result<Self, PictureFault> {
        let scale = (f64::from(width) / f64::from(self.width))
            .min(f64::from(height) / f64::from(self.height))
            .min(1.0);
        let side = |pixels: u32| ((f64::from(pixels) * scale).round() as u32).max(1);
        let (width, height) = (side(self.width), side(self.height));
        if (width, height) == (self.width, self.height) {
            return Ok(Self {
                width,
                height,
                rgba: self.rgba.clone(),
            });
        }
        let failed = |_| PictureFault::Unreadable;
        let source = fast_image_resize::images::ImageRef::new(self.width, self.height, &self.rgba, PixelType::U8x4);
        let mut smaller = Image::new(width, height, PixelType::U8x4);
        let resized = Resizer::new().resize(&source.map_err(failed)?, &mut smaller, None);
        resized.map_err(|_| PictureFault::Unreadable)?;
        Ok(Self {
            width,
            height,
            rgba: smaller.into_vec(),
        })
    }

    /// As WebP, with losses or without.
    ///
    /// # Errors
    /// None that a picture could cause.
    pub(super) fn webp(&self, is_lossless: bool) -> Result<Vec<u8>, PictureFault> {
        let encoder = webp::Encoder::from_rgba(&self.rgba, self.width, self.height);
        let written = encoder.encode_simple(is_lossless, QUALITY);
        written
            .map(|bytes| bytes.to_vec())
            .map_err(|_| PictureFault::Unreadable)
    }
}
