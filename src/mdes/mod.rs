//! Speaking to Mastercard. With the simulators, the only home of josekit and OpenSSL signatures.
