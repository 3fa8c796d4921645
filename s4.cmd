@echo off
rem The s4 command on Windows: finds a JDK 25, builds on first use (a distribution, which has its jars in lib, builds nothing), starts
rem s4j. It does what ./s4 does, with the same environment variables (S4_JAVA_HOME, S4_HEAP, S4_JAVA_OPTS, S4_MVN, S4_DATA,
rem S4_CLASSPATH; jars of the last are separated by semicolons here), but for "bench --jmh".
rem .github/workflows/ci.yml runs it; the machines on which s4j is developed have no Windows: reports and fixes are welcome.
setlocal enableextensions enabledelayedexpansion
set "S4_ROOT=%~dp0"
if "%S4_ROOT:~-1%"=="\" set "S4_ROOT=%S4_ROOT:~0,-1%"
rem a distribution needs no compiler, so that a Java without one will do
set "DIST="
if exist "%S4_ROOT%\lib\" set "DIST=1"
if /i "%~1"=="bench" if /i "%~2"=="--jmh" (
    echo s4: bench --jmh is not there on Windows. Run the class org.openjdk.jmh.Main of s4-bench. 1>&2
    exit /b 2
)

set "JDK="
if defined S4_JAVA_HOME (
    call :suits "%S4_JAVA_HOME%"
    if not defined JDK (
        echo s4: S4_JAVA_HOME=%S4_JAVA_HOME% is not a JDK 25 or newer. 1>&2
        echo s4: Point it at a JDK 25, or unset it to let s4 search. 1>&2
        exit /b 2
    )
)
if not defined JDK if defined DIST call :suits "%S4_ROOT%\jre"
if not defined JDK if defined JAVA_HOME call :suits "%JAVA_HOME%"
if not defined JDK for /f "delims=" %%J in ('where java 2^>nul') do if not defined JDK call :suits "%%~dpJ.."
rem the oldest that suits: the Vector API is an incubator module and changes with each JDK
if not defined JDK (
    set "BEST="
    for %%R in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%USERPROFILE%\.jdks" "%USERPROFILE%\scoop\apps") do (
        if exist "%%~R" for /d %%D in ("%%~R\*") do (
            set "JDK="
            call :suits "%%~D"
            if defined JDK if not defined BEST (
                set "BEST=!JDK!"
                set "BEST_MAJOR=!MAJOR!"
            ) else if !MAJOR! LSS !BEST_MAJOR! (
                set "BEST=!JDK!"
                set "BEST_MAJOR=!MAJOR!"
            )
        )
    )
    set "JDK=!BEST!"
)
if not defined JDK (
    echo s4: no JDK 25 or newer found; looked at JAVA_HOME, the PATH and the usual install places. 1>&2
    echo s4: Install one, e.g. winget install EclipseAdoptium.Temurin.25.JDK, or set S4_JAVA_HOME to where it is. 1>&2
    exit /b 2
)

if defined DIST (
    set "CLASSPATH=%S4_ROOT%\lib\*"
    goto start
)
rem jars are copied and named by a wildcard: their names together are longer than a line may be here
set "BUILT=%S4_ROOT%\s4-cli\target\s4.built"
set "STALE="
if not exist "%BUILT%" set "STALE=1"
if not defined STALE (
    powershell -NoProfile -Command "$t=(Get-Item '%BUILT%').LastWriteTime; if (Get-ChildItem '%S4_ROOT%\pom.xml','%S4_ROOT%\s4-*\pom.xml','%S4_ROOT%\s4-*\src\main','%S4_ROOT%\configs' -Recurse -File | Where-Object LastWriteTime -gt $t | Select-Object -First 1) { exit 1 }"
    if errorlevel 1 set "STALE=1"
)
if defined STALE (
    echo s4: building ^(the first time downloads libtorch and takes a few minutes^) ... 1>&2
    if not defined S4_MVN set "S4_MVN=mvn"
    set "JAVA_HOME=!JDK!"
    pushd "%S4_ROOT%"
    call "!S4_MVN!" -B -q -pl s4-cli -am -DskipTests -Dspotless.check.skip process-classes dependency:copy-dependencies -DexcludeGroupIds=io.github.s4j -DincludeScope=runtime "-DoutputDirectory=%S4_ROOT%\s4-cli\target\lib" 1>&2
    if errorlevel 1 (
        popd
        echo s4: the build failed; its output stands above. Maven is needed on the PATH or as S4_MVN. 1>&2
        exit /b 2
    )
    popd
    echo built> "%BUILT%"
)
set "CLASSPATH=%S4_ROOT%\s4-cli\target\lib\*"
for %%M in (core runtime torch data train serve cli) do set "CLASSPATH=%S4_ROOT%\s4-%%M\target\classes;!CLASSPATH!"

:start
if defined S4_CLASSPATH set "CLASSPATH=%CLASSPATH%;%S4_CLASSPATH%"
if not defined OPENBLAS_THREAD_TIMEOUT set "OPENBLAS_THREAD_TIMEOUT=4"
if not defined OMP_WAIT_POLICY (
    set "OMP_WAIT_POLICY=active"
    if not defined GOMP_SPINCOUNT set "GOMP_SPINCOUNT=2000"
)
set "HEAP="
if defined S4_HEAP set "HEAP=-Xmx%S4_HEAP%"
rem commands that are over in seconds have vector code compiled early: docs\decisions\019
set "SHORT="
set "EARLY=-XX:CompileCommand=quiet -XX:CompileCommand=CompileThresholdScaling,s4j.kernel.*::*,0.03 -XX:CompileCommand=CompileThresholdScaling,jdk.incubator.vector.*::*,10.0"
if "%~1"=="forecast" set "SHORT=%EARLY%"
if "%~1"=="predict" set "SHORT=%EARLY%"
rem exclamation marks in the words of a command are its own
setlocal disabledelayedexpansion
"%JDK%\bin\java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseParallelGC -XX:ObjectAlignmentInBytes=64 %SHORT% %HEAP% -Djava.awt.headless=true -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 "-Ds4j.configs=%S4_ROOT%\configs" %S4_JAVA_OPTS% s4j.cli.Main %*
exit /b %errorlevel%

:suits
if not exist "%~1\bin\java.exe" exit /b
if not defined DIST if not exist "%~1\bin\javac.exe" exit /b
set "MAJOR="
if exist "%~1\release" for /f "tokens=2 delims==." %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "MAJOR=%%~V"
if defined MAJOR set "MAJOR=!MAJOR:"=!"
if defined MAJOR if !MAJOR! GEQ 25 set "JDK=%~1"
exit /b
