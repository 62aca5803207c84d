// Command floor is the least that does the job: one raw watch of the pods, and for each ConfigMap one merge patch in flight, what
// changes meanwhile joining the next. There is no store: of a pod it remembers the shard, and what it was last told stays in the ConfigMap,
// one key a pod. The first state is streamed by the watch itself, see "Streaming lists" in
// https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"metadatamirror.dev/bench/peers/peer"
)

func main() {
	job := peer.JobFromEnvironment()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		log.Fatal(err)
	}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		log.Fatal(err)
	}
	api := api{client, config.Host + "/api/v1/namespaces/" + job.Namespace}
	mirror, err := newMirror(job, api)
	if err != nil {
		log.Fatal(err)
	}
	query := url.Values{
		"watch": {"true"}, "labelSelector": {"app=" + job.App},
		"sendInitialEvents": {"true"}, "resourceVersionMatch": {"NotOlderThan"}, "allowWatchBookmarks": {"true"},
	}
	// the server ends a watch after half an hour or more
	for ; ; mirror.restart() {
		if err := watch(api, "/pods?"+query.Encode(), mirror); err != nil {
			log.Fatal(err)
		}
	}
}

// watch follows the pods until the server ends it.
func watch(api api, path string, mirror *mirror) error {
	response, err := api.do(http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("watch of pods: %s", response.Status)
	}
	events := json.NewDecoder(response.Body)
	for {
		var event struct {
			Type   string
			Object pod
		}
		switch err := events.Decode(&event); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case event.Type == "ADDED" || event.Type == "MODIFIED":
			mirror.apply(event.Object)
		case event.Type == "DELETED":
			mirror.remove(event.Object.Metadata.Name)
		case event.Type == "BOOKMARK":
			if event.Object.Metadata.Annotations["k8s.io/initial-events-end"] == "true" {
				mirror.complete()
			}
		case event.Type == "ERROR":
			return fmt.Errorf("the watch of pods ended by an error: %s", event.Object.Message)
		}
	}
}
