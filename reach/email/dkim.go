package email

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"github.com/emersion/go-msgauth/dkim"
)

// What the signature covers. From stands twice, so that nobody can add a second one; List-Unsubscribe and List-Unsubscribe-Post must be
// covered (RFC 8058 §4), and covering those that a personal letter lacks keeps anyone from adding them. go-mail's own signer breaks h= over
// two lines inside a name, which no verifier accepts: hence go-msgauth.
var signedHeaders = []string{
	"From", "From", "To", "Reply-To", "Subject", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Language",
	"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID", "Auto-Submitted",
}

func (d DKIM) signer() (crypto.Signer, error) {
	if _, err := checkDomain(d.Domain); err != nil {
		return nil, errors.New("domain is malformed")
	}
	if d.Selector == "" || hostile(d.Selector) {
		return nil, errors.New("selector is missing or malformed")
	}
	block, _ := pem.Decode([]byte(d.KeyPEM))
	if block == nil {
		return nil, errors.New("key is not PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		if key, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
			return nil, errors.New("key is neither PKCS#8 nor PKCS#1")
		}
	}
	switch key := key.(type) {
	case ed25519.PrivateKey:
		return key, nil
	case *rsa.PrivateKey:
		if key.N.BitLen() < 1024 {
			return nil, errors.New("RSA key is shorter than 1,024 bits") // RFC 8301 §3.2: verifiers ignore it
		}
		return key, nil
	}
	return nil, errors.New("key is neither RSA nor Ed25519")
}

type signatures []*dkim.SignOptions

func newSignatures(keys []DKIM) (signatures, error) {
	var all signatures
	for _, d := range keys {
		signer, err := d.signer()
		if err != nil {
			return nil, err
		}
		domain, _ := checkDomain(d.Domain)
		all = append(all, &dkim.SignOptions{
			Domain: domain, Selector: d.Selector, Signer: signer, HeaderKeys: signedHeaders,
			HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		})
	}
	return all, nil
}

// sign puts one DKIM-Signature per key in front of the message.
func (s signatures) sign(message []byte) ([]byte, error) {
	if len(s) == 0 {
		return message, nil
	}
	var signed bytes.Buffer
	for _, options := range s {
		signer, err := dkim.NewSigner(options)
		if err != nil {
			return nil, err
		}
		_, werr := signer.Write(message)
		if err := errors.Join(werr, signer.Close()); err != nil {
			return nil, err
		}
		signed.WriteString(signer.Signature())
	}
	signed.Write(message)
	return signed.Bytes(), nil
}
