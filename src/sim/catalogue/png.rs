//! A PNG writer for flat drawings: 16 colours, no compression. Stored blocks keep it to one page; a logo of
//! 192 x 192 is 19 kB.

/// Writes a picture of 4 bits a pixel: `pixels` holds one palette index (0 to 15) each, row by row.
///
/// # Panics
/// If `pixels` is not `width * height` long or the width is odd: callers draw squares of even size.
pub fn encode(width: usize, height: usize, palette: &[[u8; 3]; 16], pixels: &[u8]) -> Vec<u8> {
    assert_eq!(pixels.len(), width * height, "one index for each pixel");
    assert_eq!(width % 2, 0, "two pixels share a byte");
    let mut header = Vec::with_capacity(13);
    header.extend(u32::try_from(width).unwrap_or(u32::MAX).to_be_bytes());
    header.extend(u32::try_from(height).unwrap_or(u32::MAX).to_be_bytes());
    // Bit depth 4, palette, and the only compression, filter and interlace methods we write: 0.
    header.extend([4, 3, 0, 0, 0]);
    let mut scanlines = Vec::with_capacity(height * (width / 2 + 1));
    for row in pixels.chunks_exact(width) {
        scanlines.push(0);
        scanlines.extend(row.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1] & 15));
    }
    let mut file = SIGNATURE.to_vec();
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"PLTE", palette.as_flattened());
    chunk(&mut file, b"IDAT", &zlib_stored(&scanlines));
    chunk(&mut file, b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let sum = crc32(&file[start..]);
    file.extend(sum.to_be_bytes());
}

/// RFC 1950 around RFC 1951 blocks of type 0.
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(STORED_BLOCK_MAX);
    let last = blocks.len().saturating_sub(1);
    for (n, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(n == last));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(data).to_be_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |mut sum, byte| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
        }
        sum
    })
}

fn adler32(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1u32, 0u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    high << 16 | low
}

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
const STORED_BLOCK_MAX: usize = 65_535;

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a file back: checks every chunk's sum, undoes the stored blocks, checks Adler-32, unpacks the pixels.
    fn decode(file: &[u8]) -> (u32, u32, Vec<u8>, Vec<u8>) {
        assert_eq!(file[..8], SIGNATURE);
        let word = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
        let (mut at, mut kinds) = (8, Vec::new());
        let (mut size, mut palette, mut stream) = ((0, 0), Vec::new(), Vec::new());
        while at < file.len() {
            let length = word(at) as usize;
            let body = &file[at + 8..at + 8 + length];
            assert_eq!(word(at + 8 + length), crc32(&file[at + 4..at + 8 + length]));
            match &file[at + 4..at + 8] {
                b"IHDR" => {
                    size = (word(at + 8), word(at + 12));
                    assert_eq!(body[8..], [4, 3, 0, 0, 0]);
                }
                b"PLTE" => palette = body.to_vec(),
                b"IDAT" => stream.extend_from_slice(body),
                _ => {}
            }
            kinds.push(file[at + 4..at + 8].to_vec());
            at += 12 + length;
        }
        assert_eq!(kinds, [b"IHDR", b"PLTE", b"IDAT", b"IEND"]);
        let raw = inflate_stored(&stream);
        let row_bytes = size.0 as usize / 2 + 1;
        let pixels = raw
            .chunks(row_bytes)
            .inspect(|row| assert_eq!(row[0], 0, "no filter"))
            .flat_map(|row| {
                row[1..]
                    .iter()
                    .flat_map(|byte| [byte >> 4, byte & 15])
                    .collect::<Vec<_>>()
            })
            .collect();
        (size.0, size.1, palette, pixels)
    }

    fn inflate_stored(stream: &[u8]) -> Vec<u8> {
        assert_eq!(u16::from_be_bytes([stream[0], stream[1]]) % 31, 0, "zlib header check");
        let (mut at, mut raw) = (2, Vec::new());
        loop {
            let (last, length) = (stream[at], u16::from_le_bytes([stream[at + 1], stream[at + 2]]));
            assert_eq!(!length, u16::from_le_bytes([stream[at + 3], stream[at + 4]]));
            raw.extend_from_slice(&stream[at + 5..at + 5 + length as usize]);
            at += 5 + length as usize;
            if last == 1 {
                break;
            }
        }
        assert_eq!(stream[at..], adler32(&raw).to_be_bytes());
        raw
    }

    #[test]
    fn the_checksums_agree_with_published_values() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b"IEND"), 0xAE42_6082);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn a_picture_survives_the_round_trip_even_over_several_blocks() {
        let palette: [[u8; 3]; 16] = std::array::from_fn(|n| [n as u8, 0, 255]);
        let pixels: Vec<u8> = (0..400 * 400).map(|n| (n % 16) as u8).collect();
        let (width, height, colours, back) = decode(&encode(400, 400, &palette, &pixels));
        assert_eq!((width, height), (400, 400));
        assert_eq!(colours, palette.as_flattened());
        assert!(back == pixels);
    }
}
