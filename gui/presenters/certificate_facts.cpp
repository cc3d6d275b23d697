// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/certificate_facts.h"

#include <algorithm>
#include <iterator>

namespace ifrit::gui::presenters {
namespace {

using models::StatusKind;
using models::StatusLook;

/// Begun days count: what ends today ends within a day.
int daysUntil(base::WallTime end, base::WallTime now) {
    using std::chrono::hours;
    return static_cast<int>((end - now + hours(24) - std::chrono::milliseconds(1)) / hours(24));
}

}  // namespace

StatusLook CertificateFacts::lookOf(const Certificate& certificate, base::WallTime now) {
    if (!certificate) return {StatusKind::None, tr("unknown")};
    if (now >= certificate->notAfter) return {StatusKind::Fail, tr("expired")};
    if (now < certificate->notBefore) return {StatusKind::Fail, tr("not valid yet")};
    if (certificate->notAfter - now < kSoon)
        return {StatusKind::Wait, tr("%n day(s) left", "", daysUntil(certificate->notAfter, now))};
    return {StatusKind::Ok, tr("valid")};
}

StatusLook CertificateFacts::worstOf(const std::vector<Certificate>& certificates,
                                     base::WallTime now) {
    static constexpr StatusKind kWorstFirst[] = {StatusKind::Fail, StatusKind::Wait,
                                                 StatusKind::None, StatusKind::Ok};
    const auto rank = [](StatusKind kind) {
        return std::find(std::begin(kWorstFirst), std::end(kWorstFirst), kind) - kWorstFirst;
    };
    StatusLook out;
    const crypto::CertificateInfo* first = nullptr;
    bool any = false;
    for (const Certificate& certificate : certificates) {
        const StatusLook look = lookOf(certificate, now);
        // Of two that end soon, the one that ends first.
        const bool sooner =
            look.kind == out.kind && first != nullptr && certificate->notAfter < first->notAfter;
        if (any && !sooner && rank(look.kind) >= rank(out.kind)) continue;
        any = true;
        out = look;
        first = certificate ? &*certificate : nullptr;
    }
    return out;
}

QString CertificateFacts::endOf(const Certificate& certificate, const models::TimeText& times) {
    const StatusLook look = lookOf(certificate, times.now());
    if (!certificate) return look.word;
    if (look.kind == StatusKind::Fail && times.now() < certificate->notBefore)
        return tr("%1, from %2").arg(look.word, times.full(certificate->notBefore));
    const QString end = times.full(certificate->notAfter);
    return look.kind == StatusKind::Ok
               ? end
               : tr("%1: %2", "a date and what it means").arg(end, look.word);
}

}  // namespace ifrit::gui::presenters
