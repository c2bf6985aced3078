package org.imagingingestion.runtime;

import java.util.Set;

import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;

/** Has the source of a Pipe hear of failures, so that it tries again, where the Pipe says nothing else. */
final class PipeFailures extends ModelLifecycleStrategySupport {
    private final Set<String> pipes;

    /** @param pipes ids of their routes */
    PipeFailures(Set<String> pipes) {
        this.pipes = pipes;
    }

    void watch(CamelContext context) {
        context.getCamelContextExtension().getContextPlugin(Model.class).addModelLifecycleStrategy(this);
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        if (pipes.contains(route.getRouteId())) {
            route.errorHandler(new NoErrorHandlerDefinition());
        }
    }
}
