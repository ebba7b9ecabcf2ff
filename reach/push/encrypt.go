package push

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"

	"candor/reach"
)

// recordSize is announced; a message is one record (RFC 8188), and push services take no more than this (RFC 8291 §4).
const recordSize = 4096

// longestPayload fits one record: its header of 86 bytes, the tag of 16 and the delimiter.
const longestPayload = recordSize - 86 - 16 - 1

// encrypt makes the body of a push request: aes128gcm with a key that only the browser can derive (RFC 8291). own and salt are drawn
// for each message.
func encrypt(payload []byte, to reach.PushKeys, own *ecdh.PrivateKey, salt []byte) ([]byte, error) {
	shared, err := own.ECDH(to.Public)
	if err != nil {
		return nil, err
	}
	public := own.PublicKey().Bytes()
	prk, err := hkdf.Extract(sha256.New, shared, to.Auth)
	if err != nil {
		return nil, err
	}
	info := "WebPush: info\x00" + string(to.Public.Bytes()) + string(public)
	ikm, err := hkdf.Expand(sha256.New, prk, info, 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	body := append([]byte{}, salt...)
	body = binary.BigEndian.AppendUint32(body, recordSize)
	body = append(body, byte(len(public)))
	body = append(body, public...)
	plain := append(append([]byte{}, payload...), 2) // the delimiter of a last record
	return gcm.Seal(body, nonce, plain, nil), nil
}
