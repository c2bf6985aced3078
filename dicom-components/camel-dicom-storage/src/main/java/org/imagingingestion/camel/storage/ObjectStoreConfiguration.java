package org.imagingingestion.camel.storage;

import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** How an object store is found, and how it is to keep objects. */
@UriParams
@Configurer
public class ObjectStoreConfiguration {
    @UriParam(label = "s3", description = "Bucket that keeps the objects, by name or ARN")
    private String bucketNameOrArn;

    @UriParam(
            label = "s3",
            description =
                    "Region of the bucket; where none is given, that of the environment, or us-east-1 at an address of its own")
    private String region;

    @UriParam(
            label = "s3",
            description = "Address of the service where it is not that of AWS: a URL, or a host and port,"
                    + " which are asked by http where the port is 80 and by https else")
    private String uriEndpointOverride;

    @UriParam(label = "s3", description = "Whether the bucket is named in the path rather than in the host name")
    private boolean forcePathStyle;

    @UriParam(
            label = "security",
            secret = true,
            description =
                    "S3: ID of the access key; credentials are looked for where AWS keeps them where there is none."
                            + " Azure: key of the account; an identity is looked for where Azure keeps it where there is none")
    private String accessKey;

    @UriParam(label = "s3,security", secret = true, description = "The secret of the access key")
    private String secretKey;

    @UriParam(label = "s3,security", secret = true, description = "The session token, for credentials that expire")
    private String sessionToken;

    @UriParam(
            label = "s3",
            enums = "AES256,aws:kms",
            description = "How the bucket is to encrypt objects, where it does not by itself")
    private String serverSideEncryption;

    @UriParam(label = "s3", description = "The KMS key to encrypt objects with; that of the bucket where none is given")
    private String awsKMSKeyId;

    @UriParam(label = "azure", description = "Name of the storage account")
    private String accountName;

    @UriParam(label = "azure", description = "Container that keeps the objects")
    private String containerName;

    @UriParam(
            label = "azure,security",
            secret = true,
            description = "Connection string of the storage account, or the URL of its blob service")
    private String connectionString;

    @UriParam(label = "s3,azure", description = "What all keys begin with, before the object's name")
    private String prefix;

    @UriParam(
            label = "security",
            description = "PEM file of the certificates that are trusted, in place of those that Java trusts")
    private String trustedCertificates;

    @UriParam(
            label = "s3,azure,advanced",
            defaultValue = "8388608",
            description =
                    "Bytes that are sent at once, at least 5 MiB: an object of up to so many is stored in one request,"
                            + " a longer one in parts, of which there are at most 10,000")
    private int partLength = 8 << 20;

    @UriParam(
            label = "s3,azure,advanced",
            defaultValue = "15000",
            javaType = "java.time.Duration",
            description = "Time in which the service has to go on with what it is asked for")
    private long timeout = 15_000;

    @UriParam(
            label = "s3,azure,advanced",
            defaultValue = "3",
            description = "How often a request is made that can be made again, with growing and random pauses")
    private int attempts = 3;

    public String getBucketNameOrArn() {
        return bucketNameOrArn;
    }

    public void setBucketNameOrArn(String bucketNameOrArn) {
        this.bucketNameOrArn = bucketNameOrArn;
    }

    public String getRegion() {
        return region;
    }

    public void setRegion(String region) {
        this.region = region;
    }

    public String getUriEndpointOverride() {
        return uriEndpointOverride;
    }

    public void setUriEndpointOverride(String uriEndpointOverride) {
        this.uriEndpointOverride = uriEndpointOverride;
    }

    public boolean isForcePathStyle() {
        return forcePathStyle;
    }

    public void setForcePathStyle(boolean forcePathStyle) {
        this.forcePathStyle = forcePathStyle;
    }

    public String getAccessKey() {
        return accessKey;
    }

    public void setAccessKey(String accessKey) {
        this.accessKey = accessKey;
    }

    public String getSecretKey() {
        return secretKey;
    }

    public void setSecretKey(String secretKey) {
        this.secretKey = secretKey;
    }

    public String getSessionToken() {
        return sessionToken;
    }

    public void setSessionToken(String sessionToken) {
        this.sessionToken = sessionToken;
    }

    public String getServerSideEncryption() {
        return serverSideEncryption;
    }

    public void setServerSideEncryption(String serverSideEncryption) {
        this.serverSideEncryption = serverSideEncryption;
    }

    public String getAwsKMSKeyId() {
        return awsKMSKeyId;
    }

    public void setAwsKMSKeyId(String awsKMSKeyId) {
        this.awsKMSKeyId = awsKMSKeyId;
    }

    public String getAccountName() {
        return accountName;
    }

    public void setAccountName(String accountName) {
        this.accountName = accountName;
    }

    public String getContainerName() {
        return containerName;
    }

    public void setContainerName(String containerName) {
        this.containerName = containerName;
    }

    public String getConnectionString() {
        return connectionString;
    }

    public void setConnectionString(String connectionString) {
        this.connectionString = connectionString;
    }

    public String getPrefix() {
        return prefix;
    }

    public void setPrefix(String prefix) {
        this.prefix = prefix;
    }

    public String getTrustedCertificates() {
        return trustedCertificates;
    }

    public void setTrustedCertificates(String trustedCertificates) {
        this.trustedCertificates = trustedCertificates;
    }

    public int getPartLength() {
        return partLength;
    }

    public void setPartLength(int partLength) {
        this.partLength = partLength;
    }

    public long getTimeout() {
        return timeout;
    }

    public void setTimeout(long timeout) {
        this.timeout = timeout;
    }

    public int getAttempts() {
        return attempts;
    }

    public void setAttempts(int attempts) {
        this.attempts = attempts;
    }
}
