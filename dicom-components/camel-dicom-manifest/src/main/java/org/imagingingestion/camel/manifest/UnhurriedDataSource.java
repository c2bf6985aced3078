package org.imagingingestion.camel.manifest;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

/**
 * Connections that wait for an answer for as long as it takes. The pool's give a server up that says nothing for a minute; to change a
 * table of millions of rows takes longer. One whose machine is gone is still found out, as TCP asks for it.
 */
final class UnhurriedDataSource {
    private UnhurriedDataSource() {}

    /** @param pool whose connections have their own patience again when they are given back */
    static DataSource of(DataSource pool) {
        return proxy(DataSource.class, (self, method, arguments) -> {
            Object result = invoke(pool, method, arguments);
            return result instanceof Connection connection ? unhurried(connection) : result;
        });
    }

    private static Connection unhurried(Connection connection) throws SQLException {
        int timeout = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, 0);
        return proxy(Connection.class, (self, method, arguments) -> {
            if (method.getName().equals("close") && !connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, timeout);
            }
            return invoke(connection, method, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(UnhurriedDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
