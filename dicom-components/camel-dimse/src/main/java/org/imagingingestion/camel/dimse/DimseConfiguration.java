package org.imagingingestion.camel.dimse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.imagingingestion.dicom.net.Acceptor;
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.TlsMaterial;
import org.imagingingestion.dicom.net.UserIdentityAuthenticator;
import org.imagingingestion.dicom.net.UserInformation;

/** Options of an endpoint. */
@UriParams
public class DimseConfiguration implements Cloneable {
    @UriParam(label = "consumer", defaultValue = "0.0.0.0", description = "Address to listen on")
    private String host = "0.0.0.0";

    @UriParam(label = "consumer", defaultValue = "11112", description = "Port to listen on")
    private int port = 11112;

    @UriParam(
            label = "consumer",
            defaultValue = "store",
            description =
                    "What peers may ask for, separated by commas: store, find, move, get, commit. Endpoints of one AE title"
                            + " and port share both, each with its operations. C-ECHO is answered always.")
    private String operations = "store";

    @UriParam(
            label = "consumer",
            defaultValue = "default",
            description =
                    "The storage space, and tenant, that is meant where the AE registry has no other for the peer")
    private String provider = "default";

    @UriParam(
            description =
                    "Application entities: who may call, and to whom instances may be moved. JSON, or the path of a file"
                            + " that has it. Default is the environment variable ENV_AETS_JSON.")
    private String aeRegistry;

    @UriParam(label = "consumer,security", description = "Whether peers that are not in the AE registry are rejected")
    private boolean rejectUnknownCallers;

    @UriParam(
            label = "consumer",
            defaultValue = "true",
            description = "Whether instances of SOP classes that the standard does not know are taken")
    private boolean unknownSOPClasses = true;

    @UriParam(
            label = "consumer",
            description =
                    "UIDs of the transfer syntaxes that instances are taken in, separated by commas, the most wanted first."
                            + " Default is all that there are, Explicit VR Little Endian first.")
    private String transferSyntaxes;

    @UriParam(
            label = "consumer",
            defaultValue = "2000",
            description = "Matches that the route is asked for at once; it is asked again for those that follow")
    private int pageSize = 2000;

    @UriParam(
            label = "consumer",
            defaultValue = "true",
            description =
                    "Whether queries and retrievals may leave out the unique keys of the levels above (PS3.4 §C.4.1.2.2.2)")
    private boolean relationalQueries = true;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description =
                    "Whether names in every query match without accents too, and not only where the association was"
                            + " negotiated so (PS3.4 §C.5.1.1)")
    private boolean fuzzyMatching;

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description = "Associations at once that the instances of one C-MOVE are sent over")
    private int parallelAssociations = 1;

    @UriParam(
            label = "consumer",
            description =
                    "Folder that keeps results of storage commitment until their requestors have taken them. Needed for commit.")
    private String commitmentFolder;

    @UriParam(
            description =
                    "AE title of this side. Default of a consumer, where it calls others for a C-MOVE, is its own AE title.")
    private String callingAE;

    @UriParam(label = "producer", defaultValue = "STORE", description = "What the peer is asked for")
    private DimseOperation operation = DimseOperation.STORE;

    @UriParam(
            label = "producer",
            description =
                    "URI of the endpoint that takes the instances which come by C-GET, each as C-STORE brings it to a consumer"
                            + " and with the same to end with. Needed for get.")
    private String instances;

    @UriParam(
            label = "producer",
            description =
                    "UIDs of the SOP classes that come by C-GET, separated by commas. The fewer there are, the more transfer"
                            + " syntaxes are each proposed in a context of its own, which compressed instances need that come with"
                            + " others. Default is as many as an association has room for.")
    private String sopClasses;

    @UriParam(
            label = "producer",
            defaultValue = "2",
            description =
                    "How often an operation is tried again where the association was lost, or the peer out of resources")
    private int maximumRetries = 2;

    @UriParam(
            label = "producer",
            defaultValue = "1000",
            javaType = "java.time.Duration",
            description = "Time before an operation is tried again, doubled each time")
    private long retryDelay = 1000;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "Whether an instance that the peer refuses as a duplicate (0111H) is stored; nothing tells whether it is the same")
    private boolean duplicatesAccepted;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "Whether several instances of which some were not stored end with an exception. A single one always does.")
    private boolean failWhenIncomplete;

    @UriParam(label = "producer", defaultValue = "4", description = "Associations at once; more operations wait")
    private int pooledAssociations = 4;

    @UriParam(
            label = "producer",
            defaultValue = "5000",
            javaType = "java.time.Duration",
            description = "Time that an association is kept for the next operation")
    private long pooledIdleTime = 5000;

    @UriParam(
            label = "advanced",
            defaultValue = "131072",
            description = "Most bytes of a P-DATA-TF PDU that are taken, 0 for any number")
    private int maximumPduLength = 128 << 10;

    @UriParam(
            label = "consumer,advanced",
            defaultValue = "16",
            description = "Operations that a peer may ask for before it has the answers to those before")
    private int operationsWindow = 16;

    @UriParam(label = "consumer", defaultValue = "500", description = "Associations at once; more are rejected for now")
    private int maximumAssociations = 500;

    @UriParam(label = "consumer", defaultValue = "200", description = "Associations at once from one address")
    private int maximumAssociationsPerHost = 200;

    @UriParam(label = "consumer", defaultValue = "100", description = "Associations at once of one calling AE title")
    private int maximumAssociationsPerCaller = 100;

    @UriParam(
            label = "advanced",
            defaultValue = "10000",
            javaType = "java.time.Duration",
            description = "Longest time until a connection is open, with its TLS handshake")
    private long connectTimeout = 10_000;

    @UriParam(
            label = "advanced",
            defaultValue = "30000",
            javaType = "java.time.Duration",
            description = "Longest time until the peer asks for an association, or answers that")
    private long requestTimeout = 30_000;

    @UriParam(
            label = "advanced",
            defaultValue = "600000",
            javaType = "java.time.Duration",
            description = "Longest time until the peer answers an operation")
    private long responseTimeout = 600_000;

    @UriParam(
            label = "advanced",
            defaultValue = "300000",
            javaType = "java.time.Duration",
            description = "Longest time until the peer asks for the next operation")
    private long idleTimeout = 300_000;

    @UriParam(
            label = "advanced",
            defaultValue = "60000",
            javaType = "java.time.Duration",
            description = "Longest time without a byte within a message")
    private long dataTimeout = 60_000;

    @UriParam(
            label = "advanced",
            defaultValue = "10000",
            javaType = "java.time.Duration",
            description = "Longest time until the peer answers a release")
    private long releaseTimeout = 10_000;

    @UriParam(label = "security", description = "Whether connections are encrypted by TLS")
    private boolean tls;

    @UriParam(
            label = "security",
            description = "File with the key and certificates of this side, PKCS12 or JKS; read again when it changes")
    private String keyStore;

    @UriParam(label = "security", description = "Password of the key store and its key")
    @Metadata(secret = true)
    private String keyStorePassword;

    @UriParam(
            label = "security",
            description =
                    "File with the certificates to trust, PKCS12 or JKS; read again when it changes. Default is what Java trusts.")
    private String trustStore;

    @UriParam(label = "security", description = "Password of the trust store")
    @Metadata(secret = true)
    private String trustStorePassword;

    @UriParam(
            label = "consumer,security",
            defaultValue = "NONE",
            description = "Whether peers that call by TLS have to show a certificate")
    private TlsMaterial.ClientAuthentication clientAuthentication = TlsMaterial.ClientAuthentication.NONE;

    @UriParam(
            label = "security",
            defaultValue = "true",
            description = "Whether the certificate of a peer that is called must name its host")
    private boolean verifyHost = true;

    @UriParam(
            label = "consumer,security",
            description =
                    "Bean that verifies the users whom peers call for (PS3.7 §D.3.3.7). It holds for the AE title as a whole,"
                            + " whichever of its endpoints names it.")
    private UserIdentityAuthenticator userIdentityAuthenticator;

    @UriParam(
            label = "consumer,security",
            description =
                    "File of the users whom peers call for, instead of a bean: a line name:iterations:salt:hash each")
    private String users;

    @UriParam(
            label = "consumer,security",
            defaultValue = "true",
            description = "Whether peers without user identity are rejected where users are verified")
    private boolean userIdentityRequired = true;

    @UriParam(
            label = "security",
            description =
                    "What peers that are called are told of the user. Default is USERNAME_AND_PASSCODE where there are both,"
                            + " USERNAME where there is a name, and nothing otherwise.")
    private UserInformation.UserIdentity.Kind userIdentityType;

    @UriParam(label = "security", description = "Name of the user that peers are called for")
    private String userName;

    @UriParam(label = "security", description = "Passcode of the user that peers are called for")
    @Metadata(secret = true)
    private String passcode;

    @UriParam(
            label = "security",
            description =
                    "Kerberos service ticket, SAML assertion or JSON web token of the user that peers are called for: in Base64,"
                            + " or file: and the path of a file with it, which is read for each association")
    @Metadata(secret = true)
    private String userIdentityToken;

    @UriParam(
            label = "security",
            description =
                    "Whether a peer that is called has to say that it has verified the user; it is sent nothing otherwise")
    private boolean userIdentityConfirmed;

    Timeouts timeouts() {
        return new Timeouts(
                Duration.ofMillis(connectTimeout),
                Duration.ofMillis(requestTimeout),
                Duration.ofMillis(responseTimeout),
                Duration.ofMillis(idleTimeout),
                Duration.ofMillis(dataTimeout),
                Duration.ofMillis(releaseTimeout));
    }

    Acceptor.Limits limits() {
        return new Acceptor.Limits(maximumAssociations, maximumAssociationsPerHost, maximumAssociationsPerCaller);
    }

    /** @return {@code null} where nothing is encrypted */
    TlsMaterial tlsMaterial() {
        return tls ? material() : null;
    }

    TlsMaterial material() {
        return new TlsMaterial(
                isSet(keyStore) ? Path.of(keyStore) : null,
                keyStorePassword,
                isSet(trustStore) ? Path.of(trustStore) : null,
                trustStorePassword);
    }

    private static boolean isSet(String text) {
        return text != null && !text.isBlank();
    }

    /** @return {@code null} where users have no meaning */
    UserIdentityAuthenticator authenticator() {
        if (userIdentityAuthenticator != null) {
            return userIdentityAuthenticator;
        }
        return isSet(users) ? new UserFile(Path.of(users)) : null;
    }

    List<String> storageSyntaxes() {
        return !isSet(transferSyntaxes)
                ? TransferSyntaxes.STORAGE
                : Stream.of(transferSyntaxes.split(","))
                        .map(String::strip)
                        .filter(uid -> !uid.isEmpty())
                        .toList();
    }

    /** The same options, to be changed for one endpoint. */
    public DimseConfiguration copy() {
        try {
            return (DimseConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getHost() {
        return host;
    }

    public void setHost(String host) {
        this.host = host;
    }

    public int getPort() {
        return port;
    }

    public void setPort(int port) {
        this.port = port;
    }

    public String getOperations() {
        return operations;
    }

    public void setOperations(String operations) {
        this.operations = operations;
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public String getAeRegistry() {
        return aeRegistry;
    }

    public void setAeRegistry(String aeRegistry) {
        this.aeRegistry = aeRegistry;
    }

    public boolean isRejectUnknownCallers() {
        return rejectUnknownCallers;
    }

    public void setRejectUnknownCallers(boolean rejectUnknownCallers) {
        this.rejectUnknownCallers = rejectUnknownCallers;
    }

    public boolean isUnknownSOPClasses() {
        return unknownSOPClasses;
    }

    public void setUnknownSOPClasses(boolean unknownSOPClasses) {
        this.unknownSOPClasses = unknownSOPClasses;
    }

    public String getTransferSyntaxes() {
        return transferSyntaxes;
    }

    public void setTransferSyntaxes(String transferSyntaxes) {
        this.transferSyntaxes = transferSyntaxes;
    }

    public int getPageSize() {
        return pageSize;
    }

    public void setPageSize(int pageSize) {
        this.pageSize = pageSize;
    }

    public boolean isFuzzyMatching() {
        return fuzzyMatching;
    }

    public void setFuzzyMatching(boolean fuzzyMatching) {
        this.fuzzyMatching = fuzzyMatching;
    }

    public boolean isRelationalQueries() {
        return relationalQueries;
    }

    public void setRelationalQueries(boolean relationalQueries) {
        this.relationalQueries = relationalQueries;
    }

    public int getParallelAssociations() {
        return parallelAssociations;
    }

    public void setParallelAssociations(int parallelAssociations) {
        this.parallelAssociations = parallelAssociations;
    }

    public String getCommitmentFolder() {
        return commitmentFolder;
    }

    public void setCommitmentFolder(String commitmentFolder) {
        this.commitmentFolder = commitmentFolder;
    }

    public String getCallingAE() {
        return callingAE;
    }

    public void setCallingAE(String callingAE) {
        this.callingAE = callingAE;
    }

    public DimseOperation getOperation() {
        return operation;
    }

    public void setOperation(DimseOperation operation) {
        this.operation = operation;
    }

    public String getInstances() {
        return instances;
    }

    public void setInstances(String instances) {
        this.instances = instances;
    }

    public String getSopClasses() {
        return sopClasses;
    }

    public void setSopClasses(String sopClasses) {
        this.sopClasses = sopClasses;
    }

    public int getMaximumRetries() {
        return maximumRetries;
    }

    public void setMaximumRetries(int maximumRetries) {
        this.maximumRetries = maximumRetries;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public boolean isDuplicatesAccepted() {
        return duplicatesAccepted;
    }

    public void setDuplicatesAccepted(boolean duplicatesAccepted) {
        this.duplicatesAccepted = duplicatesAccepted;
    }

    public boolean isFailWhenIncomplete() {
        return failWhenIncomplete;
    }

    public void setFailWhenIncomplete(boolean failWhenIncomplete) {
        this.failWhenIncomplete = failWhenIncomplete;
    }

    public int getPooledAssociations() {
        return pooledAssociations;
    }

    public void setPooledAssociations(int pooledAssociations) {
        this.pooledAssociations = pooledAssociations;
    }

    public long getPooledIdleTime() {
        return pooledIdleTime;
    }

    public void setPooledIdleTime(long pooledIdleTime) {
        this.pooledIdleTime = pooledIdleTime;
    }

    public int getMaximumPduLength() {
        return maximumPduLength;
    }

    public void setMaximumPduLength(int maximumPduLength) {
        this.maximumPduLength = maximumPduLength;
    }

    public int getOperationsWindow() {
        return operationsWindow;
    }

    public void setOperationsWindow(int operationsWindow) {
        this.operationsWindow = operationsWindow;
    }

    public int getMaximumAssociations() {
        return maximumAssociations;
    }

    public void setMaximumAssociations(int maximumAssociations) {
        this.maximumAssociations = maximumAssociations;
    }

    public int getMaximumAssociationsPerHost() {
        return maximumAssociationsPerHost;
    }

    public void setMaximumAssociationsPerHost(int maximumAssociationsPerHost) {
        this.maximumAssociationsPerHost = maximumAssociationsPerHost;
    }

    public int getMaximumAssociationsPerCaller() {
        return maximumAssociationsPerCaller;
    }

    public void setMaximumAssociationsPerCaller(int maximumAssociationsPerCaller) {
        this.maximumAssociationsPerCaller = maximumAssociationsPerCaller;
    }

    public long getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public long getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(long requestTimeout) {
        this.requestTimeout = requestTimeout;
    }

    public long getResponseTimeout() {
        return responseTimeout;
    }

    public void setResponseTimeout(long responseTimeout) {
        this.responseTimeout = responseTimeout;
    }

    public long getIdleTimeout() {
        return idleTimeout;
    }

    public void setIdleTimeout(long idleTimeout) {
        this.idleTimeout = idleTimeout;
    }

    public long getDataTimeout() {
        return dataTimeout;
    }

    public void setDataTimeout(long dataTimeout) {
        this.dataTimeout = dataTimeout;
    }

    public long getReleaseTimeout() {
        return releaseTimeout;
    }

    public void setReleaseTimeout(long releaseTimeout) {
        this.releaseTimeout = releaseTimeout;
    }

    public boolean isTls() {
        return tls;
    }

    public void setTls(boolean tls) {
        this.tls = tls;
    }

    public String getKeyStore() {
        return keyStore;
    }

    public void setKeyStore(String keyStore) {
        this.keyStore = keyStore;
    }

    public String getKeyStorePassword() {
        return keyStorePassword;
    }

    public void setKeyStorePassword(String keyStorePassword) {
        this.keyStorePassword = keyStorePassword;
    }

    public String getTrustStore() {
        return trustStore;
    }

    public void setTrustStore(String trustStore) {
        this.trustStore = trustStore;
    }

    public String getTrustStorePassword() {
        return trustStorePassword;
    }

    public void setTrustStorePassword(String trustStorePassword) {
        this.trustStorePassword = trustStorePassword;
    }

    public TlsMaterial.ClientAuthentication getClientAuthentication() {
        return clientAuthentication;
    }

    public void setClientAuthentication(TlsMaterial.ClientAuthentication clientAuthentication) {
        this.clientAuthentication = clientAuthentication;
    }

    public boolean isVerifyHost() {
        return verifyHost;
    }

    public void setVerifyHost(boolean verifyHost) {
        this.verifyHost = verifyHost;
    }

    public UserIdentityAuthenticator getUserIdentityAuthenticator() {
        return userIdentityAuthenticator;
    }

    public void setUserIdentityAuthenticator(UserIdentityAuthenticator userIdentityAuthenticator) {
        this.userIdentityAuthenticator = userIdentityAuthenticator;
    }

    public String getUsers() {
        return users;
    }

    public void setUsers(String users) {
        this.users = users;
    }

    public boolean isUserIdentityRequired() {
        return userIdentityRequired;
    }

    public void setUserIdentityRequired(boolean userIdentityRequired) {
        this.userIdentityRequired = userIdentityRequired;
    }

    public UserInformation.UserIdentity.Kind getUserIdentityType() {
        return userIdentityType;
    }

    public void setUserIdentityType(UserInformation.UserIdentity.Kind userIdentityType) {
        this.userIdentityType = userIdentityType;
    }

    public String getUserName() {
        return userName;
    }

    public void setUserName(String userName) {
        this.userName = userName;
    }

    public String getPasscode() {
        return passcode;
    }

    public void setPasscode(String passcode) {
        this.passcode = passcode;
    }

    public String getUserIdentityToken() {
        return userIdentityToken;
    }

    public void setUserIdentityToken(String userIdentityToken) {
        this.userIdentityToken = userIdentityToken;
    }

    public boolean isUserIdentityConfirmed() {
        return userIdentityConfirmed;
    }

    public void setUserIdentityConfirmed(boolean userIdentityConfirmed) {
        this.userIdentityConfirmed = userIdentityConfirmed;
    }
}
