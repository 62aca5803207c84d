package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"metadatamirror.dev/bench/peers/peer"
)

// mirrorReconciler keeps one ConfigMap of all pods.
type mirrorReconciler struct{ writer }

func (r *mirrorReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	var pods corev1.PodList
	if err := r.client.List(ctx, &pods, client.InNamespace(r.job.Namespace), client.MatchingLabels{"app": r.job.App}); err != nil {
		return ctrl.Result{}, err
	}
	slices.SortFunc(pods.Items, func(a, b corev1.Pod) int { return cmp.Compare(a.Name, b.Name) })
	lines := make([]string, 0, len(pods.Items))
	for i := range pods.Items {
		if isPeer(&pods.Items[i]) {
			lines = append(lines, line(&pods.Items[i]))
		}
	}
	return ctrl.Result{}, r.write(ctx, request.Name, lines)
}

// writer writes ConfigMaps, where they are not as they should be.
type writer struct {
	client client.Client
	job    peer.Job
}

func (w *writer) write(ctx context.Context, name string, lines []string) error {
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: w.job.Namespace, Name: name}}
	_, err := controllerutil.CreateOrUpdate(ctx, w.client, configMap, func() error {
		configMap.Data = map[string]string{"peers.json": strings.Join(lines, "\n")}
		return nil
	})
	return err
}
