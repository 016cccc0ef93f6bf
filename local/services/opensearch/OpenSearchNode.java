import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One node of OpenSearch on loopback, until it is told to end: {@code OpenSearchNode FOLDER PORT}. The
 * runner has the server's own classes; what it leaves out are the scripts and the security plug-in.
 */
public final class OpenSearchNode {
    private OpenSearchNode() {
    }

    public static void main(final String[] args) throws Exception {
        final String folder = args[0];
        final String port = args[1];
        final OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("http.port", port);
            settings.put("network.host", "127.0.0.1");
            settings.put("discovery.type", "single-node");
            // A disk that is nearly full must not make a test's index read-only.
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        });
        runner.build(OpenSearchRunner.newConfigs()
                .clusterName("local").basePath(folder).numOfNode(1).useLogger().printOnFailure());
        Thread.currentThread().join();
    }
}
