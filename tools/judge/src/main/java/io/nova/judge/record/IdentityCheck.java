package io.nova.judge.record;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The check of app, then upload time, then identity of a record with correct syntax. A value that
 * is in the record but not in its column is invalid.
 */
final class IdentityCheck {
  private static final List<ExportKey> NAMES =
      List.of(ExportKeys.INSERT_ID, ExportKeys.DEVICE_ID, ExportKeys.UUID);

  private IdentityCheck() {}

  /** The faults of a record, of which the job may name any; empty for a good record. */
  static Set<Reason> faultsOf(Content content, Digest digest) {
    if (content.get(ExportKeys.APP) == null) {
      return fault(content, ExportKeys.APP, Reason.APP_MISSING, Reason.APP_INVALID);
    }
    if (content.get(ExportKeys.UPLOAD_TIME) == null) {
      return fault(
          content, ExportKeys.UPLOAD_TIME, Reason.UPLOAD_TIME_MISSING, Reason.UPLOAD_TIME_INVALID);
    }
    if (!content.identityColumns().isEmpty()) {
      return columnFaults(content);
    }
    if (NAMES.stream().anyMatch(content::isMisfit)) {
      return EnumSet.of(Reason.IDENTITY_INVALID);
    }
    return content.identity(digest).isPresent()
        ? EnumSet.noneOf(Reason.class)
        : identityFaults(content);
  }

  private static Set<Reason> columnFaults(Content content) {
    EnumSet<Reason> faults = EnumSet.noneOf(Reason.class);
    for (ExportKey key : content.identityColumns()) {
      if (content.isMisfit(key)) {
        faults.add(Reason.IDENTITY_INVALID);
      } else if (content.get(key) == null || "".equals(content.get(key))) {
        faults.add(Reason.IDENTITY_MISSING);
      }
    }
    return faults;
  }

  private static Set<Reason> fault(Content content, ExportKey key, Reason missing, Reason invalid) {
    return EnumSet.of(content.isMisfit(key) ? invalid : missing);
  }

  /** Of the last kind's fields one may be missing and another invalid: both are faults. */
  private static Set<Reason> identityFaults(Content content) {
    EnumSet<Reason> faults = EnumSet.noneOf(Reason.class);
    if (content.text(ExportKeys.DEVICE_ID).isEmpty()) {
      faults.add(Reason.IDENTITY_MISSING);
    }
    for (ExportKey key : List.of(ExportKeys.EVENT_ID, ExportKeys.CLIENT_EVENT_TIME)) {
      if (content.isMisfit(key)) {
        faults.add(Reason.IDENTITY_INVALID);
      } else if (content.get(key) == null) {
        faults.add(Reason.IDENTITY_MISSING);
      }
    }
    return faults;
  }
}
