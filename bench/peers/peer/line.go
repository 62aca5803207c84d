package peer

import (
	"bytes"
	"encoding/json"
	"log"
)

// The annotations that a line has: the one that changes, and one that doesn't.
const (
	SeqAnnotation  = "bench/seq"
	NoteAnnotation = "bench/note"
)

// Line is what is told of a pod. Every contestant writes the same members in this order.
type Line struct {
	ID       string            `json:"_id"`
	Name     string            `json:"name"`
	UID      string            `json:"uid"`
	PodIP    string            `json:"podIP"`
	HostIP   string            `json:"hostIP"`
	NodeName string            `json:"nodeName"`
	Labels   map[string]string `json:"labels"`
	Seq      string            `json:"seq"`
	Note     string            `json:"note"`
}

// ID is as long as the hash that a MetadataMirror has there.
func ID(uid string) string { return uid[:10] }

// JSON renders the line without its newline, as JSON.stringify would: no HTML is escaped.
func (l Line) JSON() string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(l); err != nil {
		log.Fatal(err)
	}
	return string(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}
