package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the Dockerfile makes, laid out in a folder by doing what it says, with the system and the Java of this machine in the place of the
 * image that it begins with. Processes start in it as in a container: as its user, who may write to what is mounted for that only.
 * It takes the superuser.
 */
final class ContainerImage {
    private static final Pattern MOUNTED = Pattern.compile("--mount=\\S+\\s+");
    /** Enters the folder as the root of all files; the parameters are the folder, yes where it can only be read, and the command. */
    private static final String ENTER =
            """
            set -e
            root=$1 fixed=$2
            shift 2
            mount --bind "$root" "$root"
            for folder in usr dev proc; do mount --rbind /$folder "$root/$folder"; done
            for folder in ssl alternatives %s; do
                [ ! -d /etc/$folder ] || mount --bind /etc/$folder "$root/etc/$folder"
            done
            if [ $fixed = yes ]; then
                mount -o remount,ro,bind "$root"
                mount -o remount,ro,bind "$root/usr"
                mount -t tmpfs -o mode=1777,size=256m tmpfs "$root/tmp"
                mount -t tmpfs -o uid=1001,gid=1001,mode=770,size=1g tmpfs "$root/data"
                [ -z "$MOUNTS" ] || for folder in config secret; do
                    mount --bind -o ro "$MOUNTS/$folder" "$root/etc/bucket/$folder"
                done
            fi
            exec chroot "$root" "$@"
            """;

    private static final Path JAVA = Path.of(System.getProperty("java.home"));

    private final Path folder;
    /** The stage that is being built; {@code null} where the sources are, which is done already. */
    private Path root;

    private final Map<String, Path> stages = new LinkedHashMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private List<String> entryPoint;
    private String user;
    private String workingFolder;
    private List<String> ports;

    private ContainerImage(Path folder) {
        this.folder = folder;
    }

    /** @param folder for what it makes */
    static ContainerImage build(Path folder) throws Exception {
        ContainerImage image = new ContainerImage(folder);
        String text = Files.readString(ImagingIngestion.project().resolve("Dockerfile"));
        for (String line : text.replace("\\\n", " ").split("\n")) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.strip().split("\\s+", 2);
                image.apply(parts[0], parts[1]);
            }
        }
        return image;
    }

    private void apply(String instruction, String arguments) throws Exception {
        if (instruction.equals("FROM")) {
            from(arguments);
        } else if (root != null) {
            switch (instruction) {
                case "RUN" -> run(arguments);
                case "COPY" -> copy(arguments);
                case "USER" -> user = arguments;
                case "WORKDIR" -> workingFolder = arguments;
                case "ENV" -> environment.put(
                        arguments.split("=", 2)[0], arguments.split("=", 2)[1]);
                case "EXPOSE" -> ports = List.of(arguments.split(" "));
                case "ENTRYPOINT" -> entryPoint = new ObjectMapper().readValue(arguments, new TypeReference<>() {});
                default -> throw new IllegalArgumentException("The Dockerfile has " + instruction);
            }
        }
    }

    private void from(String arguments) throws Exception {
        String[] parts = arguments.split(" AS ");
        String name = parts.length > 1 ? parts[1] : "";
        user = "0:0";
        workingFolder = "/";
        root = null;
        if (stages.containsKey(parts[0])) {
            root = folder.resolve("stage" + stages.size());
            execute(List.of("cp", "-al", stages.get(parts[0]).toString(), root.toString()));
        } else if (!name.equals("build")) {
            root = base();
        }
        stages.put(name, root);
    }

    private Path base() throws IOException {
        Path base = Files.createDirectories(folder.resolve("stage" + stages.size()));
        for (String each : List.of("usr", "dev", "proc", "tmp", "etc/ssl", "etc/alternatives", "etc/bucket/config")) {
            Files.createDirectories(base.resolve(each));
        }
        Files.createDirectories(base.resolve("etc/bucket/secret"));
        Files.createDirectories(base.resolve("etc/" + configurationOfJava()));
        Files.setPosixFilePermissions(base.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
        for (String link : List.of("bin", "sbin", "lib", "lib64")) {
            Files.createSymbolicLink(base.resolve(link), Path.of("usr/" + link));
        }
        Files.writeString(base.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(base.resolve("etc/group"), "root:x:0:\n");
        Files.writeString(base.resolve("etc/hosts"), "127.0.0.1 localhost\n");
        return base;
    }

    /** Where Debian has it. */
    private static String configurationOfJava() throws IOException {
        Path security = JAVA.resolve("conf/security/java.security").toRealPath();
        return security.startsWith("/etc") ? security.getName(1).toString() : "java";
    }

    private void copy(String arguments) throws Exception {
        Matcher parts = Pattern.compile("--from=(\\S+) (\\S+) (\\S+)").matcher(arguments);
        assertThat(parts.matches()).as(arguments).isTrue();
        String source = parts.group(2);
        Path stage = stages.get(parts.group(1));
        Path from = stage == null
                ? ImagingIngestion.project().resolve(Path.of("/src").relativize(Path.of(source)))
                : stage.resolve(source.substring(1));
        Path to = root.resolve(parts.group(3).substring(1));
        Files.createDirectories(to.getParent());
        execute(List.of("cp", "-dR", "--preserve=mode,timestamps", from.toString(), to.toString()));
    }

    private void run(String arguments) throws Exception {
        List<String> command = enter(root, "no");
        command.addAll(as(user));
        command.addAll(List.of(
                "env", "-i", path(), "sh", "-ec", MOUNTED.matcher(arguments).replaceAll("")));
        execute(command);
    }

    private static List<String> enter(Path root, String fixed) throws IOException {
        return new ArrayList<>(Arrays.asList(
                "unshare",
                "--mount",
                "sh",
                "-c",
                ENTER.formatted(configurationOfJava()),
                "sh",
                root.toString(),
                fixed));
    }

    private static List<String> as(String user) {
        String[] ids = user.split(":");
        return List.of(
                "setpriv",
                "--reuid=" + ids[0],
                "--regid=" + ids[1],
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=" + (ids[0].equals("0") ? "+all" : "-all"),
                "--no-new-privs");
    }

    private static String path() {
        return "PATH=" + JAVA.resolve("bin") + ":/usr/sbin:/usr/bin:/sbin:/bin";
    }

    private static void execute(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + output)
                .isZero();
    }

    String user() {
        return user;
    }

    List<String> entryPoint() {
        return entryPoint;
    }

    List<String> ports() {
        return ports;
    }

    /** A file of it. */
    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** The command that starts it with variables and no others than its own, everything but /data and /tmp read only. */
    List<String> command(Map<String, String> variables) throws IOException {
        List<String> command = enter(root, "yes");
        command.addAll(as(user));
        command.addAll(List.of("env", "-i", "-C", workingFolder, path()));
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(variables);
        all.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(entryPoint);
        return command;
    }
}
