package io.nova.live.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * TLS contexts with the trust rule of Flink's internal connections: a certificate of the trust
 * store is trusted under any host name or address.
 */
public final class LiveTls {
  private LiveTls() {}

  /**
   * A store of keys or certificates in a file, PKCS12 or JKS.
   *
   * @param file path of the file
   * @param password password of the store
   * @param keyPassword password of the keys in it
   */
  public record Store(Path file, String password, String keyPassword) {
    /** Without the passwords. */
    @Override
    public String toString() {
      return file.toString();
    }
  }

  /**
   * Makes the context of a server or a client.
   *
   * @param keys the store with its own key and certificate; a server must have one
   * @param trusted the store with the certificates that it trusts
   * @throws IOException if a store cannot be read
   */
  public static SSLContext context(Optional<Store> keys, Store trusted) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.isPresent() ? keyManagers(keys.get()) : null, trustManagers(trusted), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "TLS of live views: key store %s and trust store %s cannot be used: %s"
              .formatted(keys.map(Store::toString).orElse("(none)"), trusted, e.getMessage()),
          e);
    }
  }

  private static KeyManager[] keyManagers(Store keys) throws IOException, GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(load(keys), keys.keyPassword().toCharArray());
    return factory.getKeyManagers();
  }

  private static TrustManager[] trustManagers(Store trusted)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(load(trusted));
    return Arrays.stream(factory.getTrustManagers())
        .map(m -> m instanceof X509TrustManager x509 ? new AnyName(x509) : m)
        .toArray(TrustManager[]::new);
  }

  private static KeyStore load(Store store) throws IOException, GeneralSecurityException {
    KeyStore loaded = KeyStore.getInstance(KeyStore.getDefaultType());
    try (InputStream in = Files.newInputStream(store.file())) {
      loaded.load(in, store.password().toCharArray());
    }
    return loaded;
  }

  /** Trusts the certificates that another manager trusts, under any host name. */
  private static final class AnyName extends X509ExtendedTrustManager {
    private final X509TrustManager certificates;

    private AnyName(X509TrustManager certificates) {
      this.certificates = certificates;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      certificates.checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      certificates.checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      certificates.checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      certificates.checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      certificates.checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      certificates.checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return certificates.getAcceptedIssuers();
    }
  }
}
