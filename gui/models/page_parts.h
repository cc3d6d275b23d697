// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPair>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "gui/models/cluster_place.h"
#include "gui/models/ctl_command.h"
#include "gui/models/status_words.h"
#include "shared/domain/danger.h"

namespace ifrit::gui::models {

/// One number that a page is about.
struct Figure {
    QString label;
    QString value;
    QString unit;                    ///< small, behind the value: "of 48 603"
    std::optional<StatusKind> kind;  ///< its colour; none: plain text
    bool struck = false;             ///< old: shown struck through, never as healthy
    bool operator==(const Figure&) const = default;
};

/// A row per stage: name, size, a bar whose segments are machine outcomes, two notes.
struct Lane {
    struct Segment {
        StatusKind kind = StatusKind::None;
        qint64 machines = 0;
        bool hatched = false;  ///< "already"
        QString word;
        bool operator==(const Segment&) const = default;
    };
    QString name;
    QString size;
    qint64 targeted = 0;
    QList<Segment> segments;
    double threshold = -1;  ///< share of failures at which the gate trips: a tick from the right
    QString note;           ///< since when it is open, or was
    QString soak;           ///< what is left of it
    QString bad;            ///< how many, and how many the gate lets through; empty: none
    bool operator==(const Lane&) const = default;
};

/// A colour of the map: that of a state, or a place in a series of colours that are no state's.
struct MapSwatch {
    std::optional<StatusKind> kind;
    std::uint8_t series = 0;  ///< without a kind; of a ramp: 0..of - 1
    std::uint8_t of = 1;
    bool ramp = false;   ///< from pale to strong: more of the same, not something else
    bool faded = false;  ///< filtered out, drawn pale
    bool operator==(const MapSwatch&) const = default;
};

/// Machines in one state, of all that are counted.
struct StateShare {
    std::uint8_t state = 0;  ///< what a click answers
    StatusLook look;
    qint64 machines = 0;
    QString share;        ///< "98.5 %" of all, silent ones included
    bool chosen = false;  ///< the map shows this one alone
    bool operator==(const StateShare&) const = default;
};

/// Machines of one group of the map, in the order they are drawn.
struct MapGroup {
    QString title;
    QString note;
    std::vector<std::uint32_t> rows;     ///< rows of the FleetStore: what a click answers
    std::vector<std::uint8_t> swatches;  ///< of each row, into the map's list of them
};

/// One cluster on the map.
struct ClusterCard {
    QString name;
    StatusLook look;
    qint64 machines = 0;
    QString share;  ///< "99.1 %", or "-" where it cannot be said
    QString note;   ///< what becomes of one that does not answer; empty: nothing to say
    qint64 openReleases = 0;
    bool known = true;  ///< false: it never answered, there is no figure
    bool old = false;   ///< hatched, figures struck through
    bool chosen = false;
    bool operator==(const ClusterCard&) const = default;
};

using domain::DangerClass;

/// What the danger sheet shows; figures are those that the server resolved.
struct DangerFacts {
    /// Where it is done, without which there is no sheet: who has two clusters open is to read it.
    explicit DangerFacts(QList<ClusterPlace> where) : clusters(std::move(where)) {}
    explicit DangerFacts(const ClusterPlace& where) : DangerFacts(QList<ClusterPlace>{where}) {}
    QList<ClusterPlace> clusters;  ///< shown before the facts
    DangerClass danger = DangerClass::ChangesMachines;
    QString title;                         ///< "Roll back metrics-agent 1.6.1?"
    QString sentence;                      ///< what will happen
    QList<QPair<QString, QString>> facts;  ///< label, value
    QString verb;                          ///< text of the button that does it
    qint64 machines = 0;                   ///< class 3 and up: must be typed
    QString countPrompt;                   ///< of the number; empty: the one about machines
    QList<CtlCommand> commands;            ///< the same with ifritctl
    enum class Reason { None, Optional, Required };
    Reason reason = Reason::Optional;  ///< class 3 wants one whatever is said here
    /// The person's own, of what a token alone does not do.
    enum class Password { None, Required };
    Password password = Password::None;
};

/// What a person said to go on with it.
struct Consent {
    QString reason;
    QString password = {};  ///< where it was asked for; in memory only
};

}  // namespace ifrit::gui::models
