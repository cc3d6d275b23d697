// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/record_table_model.h"
#include "gui/models/text_format.h"
#include "gui/services/access.h"

namespace ifrit::gui::models {

// Who may do what, as tables. As record_models.h.

class UserModel : public RecordTableModel<services::UserInfo> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::UserModel)
public:
    explicit UserModel(const TimeText& times, QObject* parent = nullptr);
    static StatusLook lookOf(const services::UserInfo& user);
};

class GrantModel : public RecordTableModel<services::GrantInfo> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::GrantModel)
public:
    explicit GrantModel(const TimeText& times, QObject* parent = nullptr);
    /// "every agent" for "*".
    static QString patternText(const std::string& pattern, const QString& all);
    /// Its id, or what tells one of the configuration from others.
    static QString keyOf(const services::GrantInfo& info);
    /// It has expired: it opens nothing any more.
    static bool isOver(const services::GrantInfo& info, base::WallTime now);
    static StatusLook lookOf(const services::GrantInfo& info, base::WallTime now);
};

class TokenModel : public RecordTableModel<services::TokenInfo> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::TokenModel)
public:
    explicit TokenModel(const TimeText& times, QObject* parent = nullptr);
};

class CertificateModel : public RecordTableModel<services::CertificateInfo> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::CertificateModel)
public:
    explicit CertificateModel(const TimeText& times, QObject* parent = nullptr);
    /// Whoever comes with it is let in.
    static bool holds(const services::CertificateInfo& certificate, base::WallTime now);
    static StatusLook lookOf(const services::CertificateInfo& certificate, base::WallTime now);
};

}  // namespace ifrit::gui::models
