// Command downward-oracle answers what the kubelet would write into the files of a downwardAPI volume, by calling
// Kubernetes' own packages: a JSON object a line on stdin, a JSON object a line on stdout, each at once and in the same
// order. The differential tests of metadata-model ask it.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	v1 "k8s.io/api/core/v1"
	quantity "k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/v1/resource"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/fieldpath"
)

// question is one line of stdin; which fields are read depends on Op.
type question struct {
	Op            string            `json:"op"`
	Pod           json.RawMessage   `json:"pod"`
	Path          string            `json:"path"`
	Map           map[string]string `json:"map"`
	Text          string            `json:"text"`
	ContainerName string            `json:"containerName"`
	Resource      string            `json:"resource"`
	Divisor       json.RawMessage   `json:"divisor"`
	Allocatable   json.RawMessage   `json:"allocatable"`
}

// answer is one line of stdout: a value or an error.
type answer struct {
	Value string `json:"value"`
	Error string `json:"error,omitempty"`
}

func main() {
	questions := json.NewDecoder(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	for questions.More() {
		var q question
		if err := questions.Decode(&q); err != nil {
			log.Fatalf("downward-oracle: %v", err)
		}
		if err := answers.Encode(ask(q)); err != nil {
			log.Fatalf("downward-oracle: %v", err)
		}
	}
}

// ask answers q; a panic in Kubernetes' code is an error like any other.
func ask(q question) (a answer) {
	defer func() {
		if reason := recover(); reason != nil {
			a = answer{Error: fmt.Sprintf("panic: %v", reason)}
		}
	}()
	value, err := valueOf(q)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Value: value}
}

func valueOf(q question) (string, error) {
	switch q.Op {
	case "fieldPath":
		pod, err := decode[v1.Pod](q.Pod)
		if err != nil {
			return "", err
		}
		return fieldpath.ExtractFieldPathAsString(&pod, q.Path)
	case "resource":
		return resourceValue(q)
	case "formatMap":
		return fieldpath.FormatMap(q.Map), nil
	case "quote":
		return strconv.Quote(q.Text), nil
	case "printable":
		return printable(), nil
	case "quantity":
		parsed, err := quantity.ParseQuantity(q.Text)
		value, milli := parsed.Value(), parsed.MilliValue()
		exact := parsed.AsDec() // last: it changes how parsed is kept, and so how it is rounded
		return fmt.Sprintf("%d %d %de%d", value, milli, exact.UnscaledBig(), -exact.Scale()), err
	case "accepted":
		return "", accepted(q)
	}
	return "", fmt.Errorf("unknown op %q", q.Op)
}

func decode[T any](text json.RawMessage) (decoded T, err error) {
	if len(text) > 0 {
		err = json.Unmarshal(text, &decoded)
	}
	return decoded, err
}

// resourceValue is what CollectData of pkg/volume/downwardapi does with a resourceFieldRef.
func resourceValue(q question) (string, error) {
	pod, err := decode[v1.Pod](q.Pod)
	if err != nil {
		return "", err
	}
	divisor, err := decode[quantity.Quantity](q.Divisor)
	if err != nil {
		return "", err
	}
	allocatable, err := decode[v1.ResourceList](q.Allocatable)
	if err != nil {
		return "", err
	}
	ref := &v1.ResourceFieldSelector{ContainerName: q.ContainerName, Resource: q.Resource, Divisor: divisor}
	return resource.ExtractResourceValueByContainerNameAndNodeAllocatable(ref, &pod, q.ContainerName, allocatable)
}

// printable lists the runes of strconv.IsPrint, as ranges in hexadecimal.
func printable() string {
	var ranges []string
	for first := rune(0); first <= utf8.MaxRune; first++ {
		last := first
		for strconv.IsPrint(last) {
			last++
		}
		switch last - first {
		case 0:
		case 1:
			ranges = append(ranges, fmt.Sprintf("%x", first))
		default:
			ranges = append(ranges, fmt.Sprintf("%x-%x", first, last-1))
		}
		first = last
	}
	return strings.Join(ranges, " ")
}

// accepted is nil if the API server would let a pod with this item pass, in a downwardAPI volume or in env.
func accepted(q question) error {
	file := core.DownwardAPIVolumeFile{Path: "path"}
	env := core.EnvVar{Name: "NAME", ValueFrom: &core.EnvVarSource{}}
	if q.Path != "" {
		file.FieldRef = &core.ObjectFieldSelector{APIVersion: "v1", FieldPath: q.Path}
		env.ValueFrom.FieldRef = file.FieldRef
	} else {
		divisor, err := decode[quantity.Quantity](q.Divisor)
		if err != nil {
			return err
		}
		file.ResourceFieldRef = &core.ResourceFieldSelector{ContainerName: "main", Resource: q.Resource, Divisor: divisor}
		env.ValueFrom.ResourceFieldRef = file.ResourceFieldRef
	}
	volume := core.Volume{Name: "volume"}
	volume.DownwardAPI = &core.DownwardAPIVolumeSource{Items: []core.DownwardAPIVolumeFile{file}}
	options := validation.PodValidationOptions{}
	_, inVolume := validation.ValidateVolumes([]core.Volume{volume}, nil, field.NewPath("volumes"), options)
	inEnv := validation.ValidateEnv([]core.EnvVar{env}, field.NewPath("env"), options)
	if len(inVolume) == 0 || len(inEnv) == 0 {
		return nil
	}
	return inVolume.ToAggregate()
}
