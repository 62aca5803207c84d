package main

import (
	"bytes"
	"encoding/json"
	"net/http"

	"metadatamirror.dev/bench/peers/peer"
)

// api is the API of one namespace.
type api struct {
	client *http.Client
	base   string
}

// do sends a request with the JSON of body, where there is one.
func (a api) do(method, path, contentType string, body any) (*http.Response, error) {
	var text bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&text).Encode(body); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequest(method, a.base+path, &text)
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	return a.client.Do(request)
}

// pod is the part of a pod that is read; the rest is skipped. Message is a Status's, in an event of type ERROR.
type pod struct {
	Metadata struct {
		Name              string
		UID               string
		Labels            map[string]string
		Annotations       map[string]string
		DeletionTimestamp *string
	}
	Spec struct {
		NodeName string
	}
	Status struct {
		Phase  string
		PodIP  string
		HostIP string
	}
	Message string
}

func (p pod) isPeer() bool { return p.Status.Phase == "Running" && p.Metadata.DeletionTimestamp == nil }

func (p pod) line() string {
	return peer.Line{
		ID:       peer.ID(p.Metadata.UID),
		Name:     p.Metadata.Name,
		UID:      p.Metadata.UID,
		PodIP:    p.Status.PodIP,
		HostIP:   p.Status.HostIP,
		NodeName: p.Spec.NodeName,
		Labels:   p.Metadata.Labels,
		Seq:      p.Metadata.Annotations[peer.SeqAnnotation],
		Note:     p.Metadata.Annotations[peer.NoteAnnotation],
	}.JSON()
}

// configMap is the part of a ConfigMap that is read and written.
type configMap struct {
	Metadata struct {
		Name string `json:"name,omitempty"`
	} `json:"metadata,omitzero"`
	// Data maps a pod to its line; null takes the line away.
	Data map[string]*string `json:"data"`
}
