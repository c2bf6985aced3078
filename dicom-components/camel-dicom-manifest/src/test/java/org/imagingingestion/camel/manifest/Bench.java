package org.imagingingestion.camel.manifest;

import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import io.agroal.api.AgroalDataSource;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.*;
import org.imagingingestion.dicom.service.QueryLevel;

class Bench {
    interface Op { void run(int n) throws Exception; }

    static double cpu() throws Exception {
        double us = ((com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e3;
        return us;
    }

    static double pg() throws Exception {
        double us = 0;
        long me = 0;
        for (var h : (Iterable<ProcessHandle>) ProcessHandle.allProcesses()::iterator) {
            if (h.info().command().orElse("").contains("embedded-pg") ) {
                try {
                    String[] f = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/" + h.pid() + "/stat")).replaceAll(".*\\) ", "").split(" ");
                    us += (Long.parseLong(f[11]) + Long.parseLong(f[12])) * 10000.0;
                } catch (java.io.IOException e) { }
            }
        }
        return us;
    }

    static double run(int threads, long millis, Op op) throws Exception {
        AtomicInteger n = new AtomicInteger();
        LongAdder done = new LongAdder();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        double c0 = cpu(), p0 = pg();
        long start = System.nanoTime(), end = start + millis * 1_000_000;
        Future<?>[] f = new Future<?>[threads];
        for (int t = 0; t < threads; t++) f[t] = pool.submit(() -> {
            while (System.nanoTime() < end) { op.run(n.getAndIncrement()); done.increment(); }
            return null;
        });
        for (Future<?> x : f) x.get();
        double rate = done.sum() * 1e9 / (System.nanoTime() - start);
        pool.shutdown();
        double c = (cpu() - c0) / done.sum(), p = (pg() - p0) / done.sum();
        System.out.printf("[cpu us: java %.0f pg %.0f -> capacity %.0f/s] ", c, p, 2e6 / (c + p));
        return rate;
    }

    public static void main(String[] a) throws Exception {
        AgroalDataSource ds = TestServer.manifest(20);
        int writers = Integer.getInteger("writers", 2);
        Manifest m = new Manifest(ds, 500, Integer.getInteger("timeout", 30));
        ExecutorService ex = Executors.newFixedThreadPool(writers);
        m.start(ex, writers);
        int per = Integer.getInteger("per", 100);
        AtomicInteger base = new AtomicInteger();
        // prepare cost
        for (int r = 0; r < 3; r++) { long t = System.nanoTime(); for (int i = 0; i < 5000; i++) PreparedInstance.of(TestInstance.stored(1, 1, i)); long u = System.nanoTime();
            for (int i = 0; i < 5000; i++) TestInstance.stored(1, 1, i); long v = System.nanoTime();
            System.out.printf("prepare %.1f us of which building %.1f us%n", (u - t) / 5e6, (v - u) / 5e6); }
        PreparedInstance p1 = PreparedInstance.of(TestInstance.stored(1,1,1)), p2 = PreparedInstance.of(TestInstance.stored(1,1,2));
        System.out.printf("metadata %d template %d delta %d%n", p1.metadata().length, Templates.encode(p1.metadata()).length, Delta.encode(new Delta.Base(p1.metadata()), p2.metadata()).length);
        for (int r = 0; r < Integer.getInteger("rounds", 4); r++) {
            int b = base.addAndGet(100000) ;
            long b0 = m.recorder().batches();
            double rate = run(16, 4000, n -> m.recorder().record(TestInstance.stored((b + n) / per % (1<<30) , 1 + n % 2, b + n), ConflictPolicy.KEEP_FIRST, 30000));
            System.out.printf("record %.0f/s batch size %.1f%n", rate, rate * 4 / (m.recorder().batches() - b0));
        }
        System.out.println(m.inventory().statistics("default"));
        try (var c = ds.getConnection(); var s = c.createStatement()) { s.execute("vacuum analyze"); 
          try (var rs = s.executeQuery("select relname, pg_relation_size(oid)/1024 from pg_class where relnamespace='manifest'::regnamespace and relkind in ('r','i') and pg_relation_size(oid) > 200000 order by 2 desc")) { while (rs.next()) System.out.println("  " + rs.getString(1) + " " + rs.getInt(2) + "K"); } }
        for (int r = 0; r < 3; r++) {
            System.out.printf("search id %.0f/s%n", run(8, 2000, n -> { QueryResult q = m.searcher().search(TestManifest.query(QueryLevel.STUDY, TestManifest.key(Tag.PatientID, "P" + (1000 + n % 35)))); if (q.matches().isEmpty()) throw new Exception("none"); }));
            System.out.printf("search name %.0f/s%n", run(8, 2000, n -> m.searcher().search(TestManifest.query(QueryLevel.STUDY, TestManifest.key(Tag.PatientName, "*oe" + (1000 + n % 35) + "*")))));
        }
        String st = TestInstance.study(1000), se = TestInstance.series(1000, 1);
        System.out.println("metadata of " + m.locator().locate(new Retrieval("default", st, se, null, Retrieval.Content.METADATA)).metadata().size());
        for (int r = 0; r < 3; r++) {
            System.out.printf("series metadata %.0f/s%n", run(4, 2000, n -> m.locator().locate(new Retrieval("default", st, se, null, Retrieval.Content.METADATA))));
            System.out.printf("series instances qido %.0f/s%n", run(8, 2000, n -> m.searcher().search(TestManifest.query(QueryLevel.IMAGE, TestManifest.key(Tag.StudyInstanceUID, st), TestManifest.key(Tag.SeriesInstanceUID, se)))));
        }
        System.exit(0);
    }
}
