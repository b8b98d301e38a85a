"""Images of agents: what runs on each node for the node's sake, by the name that its publisher gives it."""

from __future__ import annotations

from linter.patterns import lazy_regex

_END = r"(?::|@|\Z)"
# helpers of CSI drivers, which talk to the driver of their pod through its socket
OF_DRIVERS = lazy_regex(
    r"(?:^|/)csi-(?:provisioner|attacher|resizer|snapshotter|livenessprobe|external-health-monitor-controller)"
    + _END
)
# they show the state of their node
SHOWING = lazy_regex(
    r"(?:^|/)(?:(?:node|windows)[-_]exporter|cadvisor|metricbeat|netdata|telegraf|cloudwatch-agent|zabbix-agent2?)"
    + _END
)
AUDITING = lazy_regex(r"(?:^|/)kube-bench" + _END)
# they give pods their network, or announce addresses
OF_NETWORKS = lazy_regex(
    r"(?:^|/)(?:kube-vip(?:-iptables)?|metallb/speaker|frrouting/frr|(?:metallb-)?speaker|kube-proxy|kube-router"
    r"|tigera/operator|flannel|cilium(?:-ci|-envoy)?|calico/node|k8s-dns-node-cache|kube-ovn|antrea-agent(?:-ubuntu|-ubi)?"
    r"|amazon-k8s-cni|azure-cns|netd|ztunnel)" + _END
)
# they let requests in at each node, or take the traces, figures and logs of the pods on theirs
SERVING = lazy_regex(
    r"(?:^|/)(?:ingress-nginx/controller|nginx-ingress(?:-controller)?|nginx-plus-ingress|kubernetes-ingress(?:-controller)?"
    r"|(?:kong|haproxy|apisix)-ingress(?:-controller)?|haproxy-ingress|traefik|emissary|ambassador|datawire/aes"
    r"|envoyproxy/envoy|skipper(?:-internal)?|k8s-dns-node-cache"
    r"|opentelemetry-collector(?:-[\w-]+)?|otelcol(?:-[\w-]+)?|aws-otel-collector|splunk-otel-collector|jaeger-agent"
    r"|grafana/(?:agent|alloy)|(?:datadog|datadoghq)/agent|dogstatsd|statsd-exporter|telegraf|fluent-?(?:bit|d)"
    r"|timberio/vector|signalfx-agent|cloudwatch-agent|apm-server|(?:aws-)?xray-daemon|newrelic-infra-operator)"
    + _END
)
# they take a pod's traffic through a tunnel that they set up in its network
_TUNNELS = r"gluetun|wireguard|wg-easy|openvpn(?:-client)?"
TUNNELS = lazy_regex(rf"(?:^|/)(?:{_TUNNELS})" + _END)
# beside clusters: they route, answer for names, carry calls, or look for what is in the network of their host
OF_HOSTS = lazy_regex(
    rf"(?:^|/)(?:{_TUNNELS}|frr(?:outing)?|bird2?|keepalived|coturn|tailscale|zerotier(?:-one)?|netbird|gerbil|adguardhome"
    r"|pihole|dnsmasq|avahi|mdns-(?:repeater|reflector)|home-assistant|homebridge|watchyourlan|kea-dhcp[46])"
    + _END
)
