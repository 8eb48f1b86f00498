//! Its keys, and tokens right and wrong.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::over;

/// A key that signs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signer {
    One,
    Two,
    /// The same key as One, with another padding.
    Pss,
    P256,
    P384,
    Ed25519,
}

impl Signer {
    pub const ALL: [Self; 6] = [
        Self::One,
        Self::Two,
        Self::Pss,
        Self::P256,
        Self::P384,
        Self::Ed25519,
    ];

    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::One => Algorithm::RS256,
            Self::Two => Algorithm::RS512,
            Self::Pss => Algorithm::PS384,
            Self::P256 => Algorithm::ES256,
            Self::P384 => Algorithm::ES384,
            Self::Ed25519 => Algorithm::EdDSA,
        }
    }

    fn key(self) -> EncodingKey {
        let one = include_bytes!("../../../../fixtures/oidc/rsa-one.der");
        match self {
            Self::One | Self::Pss => EncodingKey::from_rsa_der(one),
            Self::Two => {
                EncodingKey::from_rsa_der(include_bytes!("../../../../fixtures/oidc/rsa-two.der"))
            }
            Self::P256 => {
                EncodingKey::from_ec_der(include_bytes!("../../../../fixtures/oidc/p256.der"))
            }
            Self::P384 => {
                EncodingKey::from_ec_der(include_bytes!("../../../../fixtures/oidc/p384.der"))
            }
            Self::Ed25519 => {
                EncodingKey::from_ed_der(include_bytes!("../../../../fixtures/oidc/ed25519.der"))
            }
        }
    }

    pub fn id(self) -> String {
        format!("{self:?}")
    }

    /// The public key as it is published.
    pub fn published(self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key(), self.algorithm()).unwrap();
        jwk.common.key_id = Some(self.id());
        jwk.common.key_algorithm = Some(KeyAlgorithm::from(self.algorithm()));
        let mut value = serde_json::to_value(jwk).unwrap();
        value["use"] = "sig".into();
        value
    }

    pub fn sign(self, header: &Header, claims: &Value) -> String {
        let header = Header {
            alg: self.algorithm(),
            kid: header.kid.clone().or_else(|| Some(self.id())),
            ..header.clone()
        };
        jsonwebtoken::encode(&header, claims, &self.key()).unwrap()
    }

    /// A token with exactly this head.
    pub fn signed(self, head: &Value, body: &str) -> String {
        let signed = format!("{}.{body}", BASE64_URL_SAFE_NO_PAD.encode(head.to_string()));
        let key = self.key();
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, self.algorithm());
        format!("{signed}.{}", signature.unwrap())
    }
}

/// How ID tokens are signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signature {
    Right,
    /// `alg: none`, without a signature.
    None,
    /// HS256, the public key taken for a shared secret.
    PublicKeyAsSecret,
    /// By another key, under the id of the right one.
    ForeignKey,
    /// By a right key, after which the claims were changed.
    Altered,
}

/// A head of that kind.
pub fn header(kind: &str) -> Header {
    Header {
        typ: Some(kind.to_owned()),
        ..Header::default()
    }
}

/// A token with this head and these claims, and the signature as it is.
pub fn assembled(head: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(head), part(claims))
}

/// An ID token of these claims.
pub(super) fn id_token(signer: Signer, how: Signature, claims: &Value) -> String {
    let right = signer.sign(&header("JWT"), claims);
    match how {
        Signature::Right => right,
        Signature::None => {
            let head = json!({ "alg": "none", "typ": "JWT", "kid": signer.id() });
            assembled(&head, claims, "")
        }
        Signature::PublicKeyAsSecret => {
            let published = signer.published()["n"].as_str().unwrap().to_owned();
            let key = EncodingKey::from_secret(published.as_bytes());
            let head = Header {
                kid: Some(signer.id()),
                ..Header::new(Algorithm::HS256)
            };
            jsonwebtoken::encode(&head, claims, &key).unwrap()
        }
        Signature::ForeignKey => {
            let head = Header {
                kid: Some(signer.id()),
                ..header("JWT")
            };
            assert_eq!(signer, Signer::One);
            let head = Header {
                alg: Algorithm::RS256,
                ..head
            };
            jsonwebtoken::encode(&head, claims, &Signer::Two.key()).unwrap()
        }
        Signature::Altered => {
            let (signed, signature) = right.rsplit_once('.').unwrap();
            let (head, _) = signed.split_once('.').unwrap();
            let other = over(claims.clone(), &json!({ "sub": "0" }));
            let other = BASE64_URL_SAFE_NO_PAD.encode(other.to_string());
            format!("{head}.{other}.{signature}")
        }
    }
}
