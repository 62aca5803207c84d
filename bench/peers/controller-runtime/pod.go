package main

import (
	"errors"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"metadatamirror.dev/bench/peers/peer"
)

func selected(job peer.Job, object client.Object) bool {
	return object.GetNamespace() == job.Namespace && object.GetLabels()["app"] == job.App
}

func isPeer(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodRunning && pod.DeletionTimestamp == nil
}

func line(pod *corev1.Pod) string {
	return peer.Line{
		ID:       peer.ID(string(pod.UID)),
		Name:     pod.Name,
		UID:      string(pod.UID),
		PodIP:    pod.Status.PodIP,
		HostIP:   pod.Status.HostIP,
		NodeName: pod.Spec.NodeName,
		Labels:   pod.Labels,
		Seq:      pod.Annotations[peer.SeqAnnotation],
		Note:     pod.Annotations[peer.NoteAnnotation],
	}.JSON()
}

// trim is a Transform of the cache: it leaves of a pod what is read here, and what the cache itself needs.
func trim(object any) (any, error) {
	pod, ok := object.(*corev1.Pod)
	if !ok {
		return nil, errors.New("not a pod")
	}
	return &corev1.Pod{
		TypeMeta: pod.TypeMeta,
		ObjectMeta: metav1.ObjectMeta{
			Namespace:         pod.Namespace,
			Name:              pod.Name,
			UID:               pod.UID,
			ResourceVersion:   pod.ResourceVersion,
			DeletionTimestamp: pod.DeletionTimestamp,
			Labels:            pod.Labels,
			Annotations: map[string]string{
				peer.SeqAnnotation:  pod.Annotations[peer.SeqAnnotation],
				peer.NoteAnnotation: pod.Annotations[peer.NoteAnnotation],
			},
		},
		Spec:   corev1.PodSpec{NodeName: pod.Spec.NodeName},
		Status: corev1.PodStatus{Phase: pod.Status.Phase, PodIP: pod.Status.PodIP, HostIP: pod.Status.HostIP},
	}, nil
}
